/** Corners of each marker about the origin, within 5 pixels; no corners: a circle. Past the last colour, series pair colours and markers anew. */
const CORNERS: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [
    [0, -5],
    [4.8, 3.6],
    [-4.8, 3.6],
  ],
  [
    [-3.7, -3.7],
    [3.7, -3.7],
    [3.7, 3.7],
    [-3.7, 3.7],
  ],
  [
    [0, -5.2],
    [5.2, 0],
    [0, 5.2],
    [-5.2, 0],
  ],
  [
    [0, 5],
    [4.8, -3.6],
    [-4.8, -3.6],
  ],
  [
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, 0],
  ].flatMap(([cos, sin]) => {
    return (
      [
        [5, -1.6],
        [5, 1.6],
        [1.6, 1.6],
      ] as const
    ).map(([x, y]) => [x * cos - y * sin, x * sin + y * cos] as const);
  }),
];
const RADIUS = 4;

const cornersOf = (series: number, colours: number) => CORNERS[(series + Math.floor(series / colours)) % CORNERS.length];

/** The outline of a series' marker about the origin, as a path of SVG. */
export function markerPath(series: number, colours: number): string {
  const corners = cornersOf(series, colours);
  if (corners.length === 0) return `M${RADIUS} 0A${RADIUS} ${RADIUS} 0 1 1 ${-RADIUS} 0A${RADIUS} ${RADIUS} 0 1 1 ${RADIUS} 0Z`;
  return `M${corners.map(([x, y]) => `${x} ${y}`).join("L")}Z`;
}

/** The same as a symbol of Observable Plot; the size that Plot passes is left aside. */
export function markerSymbol(
  series: number,
  colours: number,
): { draw(context: Pick<CanvasPath, "moveTo" | "lineTo" | "arc" | "closePath">, size: number): void } {
  const corners = cornersOf(series, colours);
  return {
    draw(context) {
      if (corners.length === 0) {
        context.moveTo(RADIUS, 0);
        context.arc(0, 0, RADIUS, 0, 2 * Math.PI);
        return;
      }
      corners.forEach(([x, y], i) => void (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
      context.closePath();
    },
  };
}

/** The end of an interval's bar, as a symbol of Observable Plot. */
export function endBar(way: "up" | "across"): { draw(context: Pick<CanvasPath, "moveTo" | "lineTo">, size: number): void } {
  const [x, y] = way === "up" ? [0, 4.5] : [4.5, 0];
  return {
    draw(context) {
      context.moveTo(-x, -y);
      context.lineTo(x, y);
    },
  };
}
