/**
 * Values of episodes as means of their tasks, `drawsPerTask` consecutive episodes each (the last may have fewer): tasks are independent, draws of one task are not, so
 * intervals and tests take tasks as their units.
 */
export function taskMeans(values: Float64Array, drawsPerTask: number): Float64Array {
  if (drawsPerTask === 1) return values;
  return Float64Array.from({ length: Math.ceil(values.length / drawsPerTask) }, (_, t) => {
    const own = values.subarray(t * drawsPerTask, (t + 1) * drawsPerTask);
    let sum = 0;
    for (let i = 0; i < own.length; i++) sum += own[i];
    return sum / own.length;
  });
}
