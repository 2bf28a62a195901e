/** Milliseconds of a look at how busy the process is, how many in a row must find it idle, and how long to look at most. */
const look = 10;
const quietLooks = 2;
const mostWaiting = 500;

/**
 * Waits until the process uses hardly any processor time. A thread that ends while V8 still compiles for it makes Node 20 abort the whole process now and
 * then ("Assertion failed: (data.first) != nullptr" of node_platform.cc), and one that is asked to end by itself may hang for ever; nothing tells when
 * the compiler is done but the processor. Nor may the process itself end before: its end waits for the compiler, which may wait for the main thread to
 * collect garbage, for ever (nodejs/node issue 54918): now and then a command of the tests hung so.
 */
export async function untilQuiet(): Promise<void> {
  const end = performance.now() + mostWaiting;
  let before = process.cpuUsage();
  for (let quiet = 0; quiet < quietLooks && performance.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, look));
    const used = process.cpuUsage(before);
    before = process.cpuUsage();
    quiet = used.user + used.system < 1000 * look * 0.2 ? quiet + 1 : 0;
  }
}
