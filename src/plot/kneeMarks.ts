import type { Knee } from "../evaluate/results.ts";
import type { Axes } from "../report/axes.ts";
import { type Area, fillOf, strokeOf } from "./frame.ts";
import { endBar } from "./markers.ts";
import { markers, type Place, segments } from "./marks.ts";
import type { Scale } from "./scales.ts";
import type { Shape } from "./shapes.ts";

/** Pixels from one knee's bar to the next. */
const STEP = 12;

/** A knee of curve number `i`, and the accuracy there. */
export interface KneeMark {
  readonly i: number;
  readonly knee: Knee;
  readonly accuracy: number;
}

/** Pixels below the curves for as many knees. */
export const kneeHeight = (count: number): number => (count === 0 ? 0 : STEP * count + 8);

/** Each knee as a ring on its curve, and below the curves as a dot on the bar of its interval, with a thin line from the one to the other. */
export function kneeMarks(
  { paint, bottom }: Area,
  { x, y }: { readonly x: Scale; readonly y: Scale },
  knees: readonly KneeMark[],
  axes: Axes,
): readonly Shape[] {
  const within = (share: number): number => x(Math.min(axes.xDomain[1], Math.max(axes.xDomain[0], share)));
  return knees.flatMap(({ i, knee, accuracy }, row) => {
    const below = bottom - STEP * (knees.length - row) + 3;
    const onCurve: Place = [within(knee.fraction), y(accuracy)];
    const onBar: Place = [onCurve[0], below];
    const ends = (knee.ci95?.fraction ?? []).filter(Number.isFinite).map((share): Place => [within(share), below]);
    const line = strokeOf(paint(i, "line"));
    const bar = { ...line, "stroke-width": 2 };
    return [
      segments({ ...line, "stroke-dasharray": "1 3" }, [[onCurve, onBar]]),
      ...(ends.length === 2
        ? [
            segments(bar, [[ends[0], ends[1]]]),
            markers(
              bar,
              ends.map((place) => ({ place, form: endBar("lies") })),
            ),
          ]
        : []),
      markers(fillOf(paint(i)), [{ place: onBar, form: 3.5 }]),
      markers({ ...bar, fill: "none" }, [{ place: onCurve, form: 8.5 }]),
    ];
  });
}
