import { expect, it } from "vitest";
import { checkViews } from "../../src/core/views.ts";
import { refuses } from "../properties/refuses.ts";

const matrix = { data: new Float32Array(24), rows: 6, cols: 4 };

it("views of the right columns and rows pass through", () => {
  const views = { matrix, views: 3 };
  expect(checkViews(views, "f", "augmented", 4)).toBe(views);
  expect(checkViews(views, "f", "augmented", 4, 2)).toBe(views);
});

it("views that do not fit the features are refused with both numbers", () => {
  refuses(() => checkViews({ matrix, views: 3 }, "f", "augmented", 5), RangeError, "f: augmented has 4 columns, expected 5, as features");
  refuses(
    () => checkViews({ matrix, views: 4 }, "f", "augmented", 4),
    RangeError,
    "f: augmented has 6 rows, expected a multiple of views = 4",
  );
  refuses(
    () => checkViews({ matrix, views: 5 }, "f", "augmented", 4),
    RangeError,
    "f: augmented has 6 rows, expected a multiple of views = 5",
  );
  refuses(
    () => checkViews({ matrix, views: 3 }, "f", "augmented", 4, 3),
    RangeError,
    "f: augmented has views of 2 rows, expected 3, one set of views a row of features",
  );
  refuses(
    () => checkViews({ matrix, views: 0 }, "f", "augmented", 4),
    RangeError,
    "f: augmented.views is 0, expected a whole number of at least 1",
  );
});

it("views of some rows are copied in their order; a row that is not there is named", () => {
  const data = Float32Array.from({ length: 24 }, (_, at) => at);
  const all = { matrix: { data, rows: 6, cols: 4 }, views: 3 };
  const own = checkViews({ ...all, rows: [1, 0, 1] }, "f", "augmented", 4, 3);
  expect([own.rows, own.views, own.matrix.rows]).toEqual([undefined, 3, 9]);
  const [first, second] = [Array.from(data.subarray(0, 12)), Array.from(data.subarray(12))];
  expect(Array.from(own.matrix.data)).toEqual([...second, ...first, ...second]);
  refuses(
    () => checkViews({ ...all, rows: [0, 2] }, "f", "augmented", 4, 2),
    RangeError,
    "f: augmented.rows[1] is 2, expected a row in 0…1",
  );
  refuses(
    () => checkViews({ ...all, rows: [0] }, "f", "augmented", 4, 2),
    RangeError,
    "f: augmented has views of 1 rows, expected 2, one set of views a row of features",
  );
  refuses(
    () => checkViews({ ...all, rows: 3 as never }, "f", "augmented", 4),
    TypeError,
    "f: augmented.rows is 3, expected an array of row numbers",
  );
});

it("a view that is not finite is named by its row and column", () => {
  const data = matrix.data.slice();
  data[9] = Number.NaN;
  refuses(
    () => checkViews({ matrix: { ...matrix, data }, views: 3 }, "f", "augmented", 4),
    RangeError,
    "f: augmented row 2, column 1 is NaN, expected finite numbers",
  );
});
