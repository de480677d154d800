/** What a lowering sees: one operation of the step graph, its tensors as buffers, and the plan to add calls to. */
import type { AttributesOf, OperationKind } from '../../../../graph/operations';
import { elementCount, type Shape } from '../../../../graph/shape';
import type { StepGraph, ValueId } from '../../../../graph/step-graph';
import type { Buffer } from '../buffer';
import type { PlanBuilder } from '../plan-builder';

/** A value of the graph: its shape, where it is, and a name for what is derived from it. */
export interface Tensor {
  readonly id: ValueId;
  readonly shape: Shape;
  readonly count: number;
  readonly buffer: Buffer;
}

export interface Lowering<K extends OperationKind> {
  readonly plan: PlanBuilder;
  readonly attributes: AttributesOf<K>;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** What is done to the first output before it is stored; see fusion.ts. */
  readonly epilogue: Epilogue | undefined;
  /** The gradient as [depth, rows]ᵀ · [depth, columns], where it is made along with its use; see fusion.ts. */
  readonly gradientProduct: readonly [Tensor, Tensor] | undefined;
  readonly settings: LoweringSettings;
}

export interface NormalisationEpilogue extends Readonly<
  Record<'gamma' | 'beta' | 'mean' | 'variance', Tensor>
> {
  readonly epsilon: number;
}

export interface Epilogue {
  /** One number a channel, added. */
  readonly bias: Tensor | undefined;
  /** Then batch normalisation by given statistics. */
  readonly normalisation: NormalisationEpilogue | undefined;
  /** What numbers below zero are multiplied by: a constant, or one slope a channel or a layer. */
  readonly slope: Tensor | number | undefined;
}

/**
 * How convolutions are computed: by minimal filtering in large tiles (Winograd's F(6×6) where it saves products, F(4×4), and
 * their like for stride 2 and for large windows) or small ones (F(2×2), and for stride 2), or directly.
 */
export type Exactness = 'winograd6' | 'winograd4' | 'winograd2' | 'direct';

/** `auto`: as fast as a graph allows in which rounding errors go no further, and more exact where gradients are computed. */
export type ExactnessChoice = Exactness | 'auto';

const gradientKinds: ReadonlySet<string> = new Set<OperationKind>([
  'Conv2DBackpropFilter',
  'Conv2DBackpropInput',
]);

export interface LoweringSettings {
  readonly exactness: Exactness;
  /** Channels of a layer, on either side, from which `winograd6` takes F(6×6). */
  readonly largeTilesFrom?: number | undefined;
}

/** In training: with fewer channels, F(6×6) saves little, and it was networks of few that it moved. */
const LEAST_TRAINED_CHANNELS = 64;

/**
 * What a choice is for a graph. Training moves each step on from the one before, and so its rounding errors grow: of one seed,
 * small networks part from exact arithmetic within fewer steps by F(6×6) than by F(4×4), those of many channels do not
 * (docs/benchmarks.md). In inference they stay at the last bits of a pixel. `wide` vectors make products twice as fast and
 * transforms no faster, of which F(6×6) has more.
 */
export function settingsFor(
  { operations }: StepGraph,
  choice: ExactnessChoice,
  { wide = false }: { wide?: boolean } = {},
): LoweringSettings {
  if (choice !== 'auto') return { exactness: choice };
  if (wide) return { exactness: 'winograd4' };
  const trains = operations.some(({ kind }) => gradientKinds.has(kind));
  return { exactness: 'winograd6', largeTilesFrom: trains ? LEAST_TRAINED_CHANNELS : undefined };
}

/** Turns one operation into kernel calls. */
export type Lower<K extends OperationKind> = (lowering: Lowering<K>) => void;

/** [pixels][channels] of a tensor of any rank. */
export function channelSize(tensor: Tensor): { pixels: number; channels: number } {
  const channels = tensor.shape.at(-1) ?? 1;
  return { pixels: elementCount(tensor.shape) / channels, channels };
}

export function imageSize(shape: Shape): {
  images: number;
  height: number;
  width: number;
  channels: number;
} {
  const [images, height, width, channels] = shape as [number, number, number, number];
  return { images, height, width, channels };
}

/** The tensor at `index`; the vocabulary has checked that there is one. */
export function at(tensors: readonly Tensor[], index: number): Tensor {
  const tensor = tensors[index];
  if (tensor === undefined) throw new Error(`the operation has no operand ${index}`);
  return tensor;
}
