/**
 * Free text holds nothing about a person. What looks like a name, a number or an address of somebody is refused with its
 * place and a cure, on the screen before sending and on the server again. Shared with the client; imports only zod.
 */
import { z } from 'zod';

export interface FreeTextRule {
  readonly what: string;
  /** Matches in one pass: no nested repetition, every run bounded. */
  readonly pattern: RegExp;
  readonly cure: string;
}

/** What is looked for, in the order it is told. */
export const freeTextRules: readonly FreeTextRule[] = [
  { what: 'an e-mail address', pattern: /[\w.+-]{1,64}@[\w-]{1,63}\.[a-z]{2,24}/i, cure: 'Leave the address out.' },
  { what: 'a telephone number', pattern: /(?<![\d.])(?:\+44|0)(?:[ -]?\d){9,10}(?!\d)/, cure: 'Leave the number out.' },
  { what: 'a name with a title', pattern: /\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Rev|Master)\.? [A-Z][A-Za-z'’-]{1,40}/, cure: 'Write “a resident” or “a shopkeeper” instead.' },
  { what: 'a number plate', pattern: /\b(?:[A-Z]{2}\d{2} ?[A-Z]{3}|[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z])\b/, cure: 'Write “a silver van” instead.' },
  { what: 'a date of birth', pattern: /\b(?:born|dob|d\.o\.b\.?|date of birth)\b|\b\d{1,2}[/.-]\d{1,2}[/.-](?:19\d\d|20[01]\d)\b/i, cure: 'Leave it out, or write “a young person”.' },
  { what: 'a house number with a postcode', pattern: /\b\d{1,4}[a-z]?[ ,][^\n]{0,60}?\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b/i, cure: 'Name the street or the hotspot only.' },
];

export interface FreeTextFault {
  readonly what: string;
  /** Where it starts, counted from 1. */
  readonly character: number;
  readonly found: string;
  readonly message: string;
}

/** The first thing in a text that looks like it is about a person, or undefined. */
export function freeTextFault(text: string): FreeTextFault | undefined {
  for (const { what, pattern, cure } of freeTextRules) {
    const match = pattern.exec(text);
    if (match) {
      const character = match.index + 1;
      return { what, character, found: match[0], message: `At character ${character} this looks like ${what} (“${match[0]}”). The service holds nothing about individuals. ${cure}` };
    }
  }
  return undefined;
}

/** Free text of at most `longest` characters that holds nothing about a person. */
export function freeText(longest: number): z.ZodString {
  return z.string().trim().max(longest, `Use at most ${longest} characters.`).check((context) => {
    // What is too long is refused already; looking through a megabyte would hold everybody up.
    const fault = context.value.length > longest ? undefined : freeTextFault(context.value);
    if (fault) context.issues.push({ code: 'custom', message: fault.message, input: context.value });
  });
}

/** The same, and something must be written: a reason. */
export function reasonText(): z.ZodString {
  return freeText(500).min(1, 'Say why.');
}
