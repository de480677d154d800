/** Imported first: zod would else try out at its import whether it may compile code, which the page's policy refuses and logs. */
import { z } from 'zod';

z.config({ jitless: true });
