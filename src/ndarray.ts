export { applyMaskInto } from "./features/applyMaskInto.ts";
export { fromNdarray, type NdNumbers } from "./features/fromNdarray.ts";
export { toNdarray } from "./features/toNdarray.ts";
