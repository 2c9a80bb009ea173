/** Lets so many in at once; the rest wait their turn in order, outside whatever is scarce. */
import { AppError } from './errors.ts';

const mostWaiting = 500;

/** Makes a turnstile: work given to it runs once fewer than `atOnce` others do. Throws 503 when 500 wait already. */
export function turnstile(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async (work) => {
    if (waiting.length >= mostWaiting) throw new AppError(503, 'too_busy', 'Too many people sign in at this moment. Wait a minute, then try again.').after(60);
    if (inside < atOnce) inside += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // The place is handed on, so that nobody slips in between.
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    }
  };
}
