/** What the vocabulary says about one kind of operation: its operands, its attributes, the shapes of its results. */
import { z } from 'zod';
import type { Shape } from '../shape';

/** As many shapes as there are names. */
export type ShapesOf<Names extends readonly string[]> = { readonly [I in keyof Names]: Shape };

export interface OperationDefinition<
  Inputs extends readonly string[] = readonly string[],
  Outputs extends readonly string[] = readonly string[],
  Attributes extends z.ZodType = z.ZodType,
> {
  /** One line. */
  readonly meaning: string;
  /** Names of the operands, in order. */
  readonly inputs: Inputs;
  readonly outputs: Outputs;
  readonly attributes: Attributes;
  /** Shapes of the outputs. Throws when the operands do not fit each other. */
  shapes(inputs: ShapesOf<Inputs>, attributes: z.infer<Attributes>): ShapesOf<Outputs>;
  /** Floating point operations of the plain algorithm; transcendental functions count as one. */
  flops(inputs: ShapesOf<Inputs>, outputs: ShapesOf<Outputs>, attributes: z.infer<Attributes>): number;
}

/** Declares an operation; only infers the types. */
export function define<
  const Inputs extends readonly string[],
  const Outputs extends readonly string[],
  Attributes extends z.ZodType,
>(
  definition: OperationDefinition<Inputs, Outputs, Attributes>,
): OperationDefinition<Inputs, Outputs, Attributes> {
  return definition;
}

export const noAttributes = z.strictObject({});
export const positiveInteger = z.int().min(1);
export const shapeAttribute = z.array(positiveInteger).readonly();
