/** The assembler: everything that kernels are written with. */
export type { ValueType } from './encoding';
export { F32, F64, I32, type Integer, Vector } from './expressions';
export { type Callee, FunctionBuilder, type I32Local, type VectorLocal } from './function-builder';
export { MAXIMUM_PAGES, ModuleBuilder } from './module-builder';
