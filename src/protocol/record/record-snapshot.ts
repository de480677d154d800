/** The record of a run as a page gets it: little enough to be sent at once, however long the run is. */
import type { EventLine, StepLine, ValidationLine } from '../metrics';
import { StepDigest } from './step-digest';

/** Buckets of steps on the wire: the numbers of a `StepDigest` as base64 of little-endian 64-bit floating point numbers. */
export interface StepBuckets {
  /** Steps a bucket. */
  width: number;
  values: string;
}

export interface RecordSnapshot {
  steps: StepBuckets;
  /** The newest steps, one by one. */
  recent: StepLine[];
  validations: ValidationLine[];
  events: EventLine[];
  /** Time of the first line, in milliseconds since 1970; null while there is none. */
  firstTime: number | null;
  /** While a long record is gone through and this is its newest part only: bytes done, and of how many. */
  making: { done: number; total: number } | null;
}

export function encodeBuckets(digest: StepDigest): StepBuckets {
  const { buffer, byteOffset, byteLength } = digest.values();
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  let binary = '';
  for (let start = 0; start < bytes.length; start += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return { width: digest.width, values: btoa(binary) };
}

/** @param capacity of the digest; buckets are merged where they are more */
export function decodeBuckets({ width, values }: StepBuckets, capacity: number): StepDigest {
  const binary = atob(values);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  const whole = StepDigest.of(new Float64Array(bytes.buffer), width);
  return whole.part(-Infinity, Infinity, capacity);
}

/** As many arguments as a call takes everywhere. */
const CHUNK = 0x8000;
