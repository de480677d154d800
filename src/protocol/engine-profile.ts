/** Where the time of a training step goes. Made by the command line (`engine profile`). */
import { z } from 'zod';
import { engineNames } from './engine-report';
import { stageNames } from './stage-names';

const shareSchema = z.object({
  name: z.string(),
  /** Operations of the step graph. */
  operations: z.int(),
  seconds: z.number(),
});
/** The time of everything that has one name. */
export type ProfileShare = z.infer<typeof shareSchema>;

export const stageProfileSchema = z.object({
  stage: z.enum(stageNames),
  stepSeconds: z.number().describe('An ordinary step, not taken apart.'),
  profiledSeconds: z.number().describe('The sum of all shares.'),
  operations: z.array(shareSchema).describe('By kind of operation, the longest first.'),
  layers: z.array(shareSchema).describe('By layer of the networks, the longest first.'),
});
export type StageProfile = z.infer<typeof stageProfileSchema>;

export const engineProfileSchema = z.object({
  engine: z.enum(engineNames),
  device: z.string(),
  configuration: z.string().describe('What was profiled, in words.'),
  method: z.string().describe('How the times were taken, and what they leave out.'),
  stages: z.array(stageProfileSchema),
});
export type EngineProfile = z.infer<typeof engineProfileSchema>;
