import fc from "fast-check";
import { inject } from "vitest";

// Every law is tried on the same cases in every run, on every machine; vitest.config.ts says how to try others.
fc.configureGlobal({ seed: inject("propertySeed") });
