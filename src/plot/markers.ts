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

/** The end of an interval's bar about the origin: a line across a bar that lies, or across one that stands. */
export const endBar = (bar: "lies" | "stands"): string => (bar === "lies" ? "M0,-4.5L0,4.5" : "M-4.5,0L4.5,0");

/** A diamond about the origin, larger than a series' marker. */
export const diamond = "M0,-7.77L7.77,0L0,7.77L-7.77,0Z";
