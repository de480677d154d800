/** The assembler, which resampling uses as well, and so has a room of its own. */
export * from '../../../assembler';
