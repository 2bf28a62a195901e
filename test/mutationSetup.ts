import fc from "fast-check";
import { inject } from "vitest";

// Under mutation a law that fails has done its work: its counterexample is not made smaller. Laws that name no number of runs get fewer.
fc.configureGlobal({ seed: inject("propertySeed"), endOnFailure: true, numRuns: 30 });
