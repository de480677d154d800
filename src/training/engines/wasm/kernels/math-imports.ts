/** Functions of JavaScript's Math that kernels use on the few numbers that a loss is made of: double in, double out. */
export const mathImports = ['exp', 'log1p'] as const;
