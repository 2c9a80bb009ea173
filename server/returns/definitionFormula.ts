/**
 * The language of formulas in a return's definition: sums, differences, products and ratios of named figures, `sum(…)` over councils and
 * `percent(part, whole)`. Small, total and safe: no loops, no text is run, every formula ends. Exact fractions, rounded once by whoever asks. Pure.
 *
 *   paid - recovered        person_minutes[warden] / visits        percent(sum(paid), ceiling)
 */
import type { Status } from './contract.ts';

export type Formula =
  | { readonly is: 'number'; readonly value: Fraction }
  | { readonly is: 'name'; readonly name: string; readonly part: string | null; readonly at: number }
  | { readonly is: 'negative'; readonly of: Formula }
  | { readonly is: '+' | '-' | '*' | '/' | 'percent'; readonly left: Formula; readonly right: Formula }
  | { readonly is: 'sum'; readonly of: Formula };

/** A whole number over a positive one. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

export interface FormulaFault {
  /** Counted from 1. */
  readonly character: number;
  /** What stands there. */
  readonly found: string;
  readonly message: string;
}

const longest = 500;
const deepest = 30;
const token = /\s*(?:(\d{1,15}(?:\.\d{1,6})?)|([A-Za-z][A-Za-z0-9_]{0,59})|(\[[^\][]{1,80}\])|([-+*/(),−×÷]))/y;
const signs: Record<string, string> = { '−': '-', '×': '*', '÷': '/' };

interface Token {
  readonly kind: 'number' | 'name' | 'part' | 'sign';
  readonly text: string;
  readonly at: number;
}

/** Reads a formula; answers the first fault with its place, what stands there and the cure. */
export function parseFormula(text: string): Formula | FormulaFault {
  try {
    return readAll(text);
  } catch (error) {
    if (error instanceof FormulaError) return error.fault;
    throw error;
  }
}

export const isFault = (one: Formula | FormulaFault): one is FormulaFault => 'message' in one;

class FormulaError extends Error {
  readonly fault: FormulaFault;
  constructor(fault: FormulaFault) {
    super(fault.message);
    this.fault = fault;
  }
}

function fault(at: number, found: string, message: string): FormulaError {
  return new FormulaError({ character: at + 1, found, message: `At character ${at + 1}${found === '' ? '' : `, “${found}”`}: ${message}` });
}

function tokensOf(text: string): Token[] {
  if (text.length > longest) throw fault(longest, '', `a formula has at most ${longest} characters. Put a part of it into a field of its own.`);
  const tokens: Token[] = [];
  for (let at = 0; text.slice(at).trim() !== ''; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(text);
    const start = at + (text.slice(at).length - text.slice(at).trimStart().length);
    if (!found) throw fault(start, text.charAt(start), 'this has no place in a formula. Use names, numbers, + - * / and ( ), sum(…) and percent(…, …).');
    const [, number, name, part, sign] = found;
    tokens.push({ kind: number ? 'number' : name ? 'name' : part ? 'part' : 'sign', text: number ?? name ?? part?.slice(1, -1) ?? signs[sign ?? ''] ?? sign ?? '', at: start });
  }
  return tokens;
}

function readAll(text: string): Formula {
  const tokens = tokensOf(text);
  let next = 0;
  const end = (): Token => ({ kind: 'sign', text: '', at: text.length });
  const peek = (): Token => tokens[next] ?? end();
  const take = (sign: string, why: string): void => {
    if (peek().kind !== 'sign' || peek().text !== sign) throw fault(peek().at, peek().text, why);
    next += 1;
  };
  const isSign = (...wanted: string[]): boolean => peek().kind === 'sign' && wanted.includes(peek().text);

  const expression = (depth: number): Formula => {
    let left = product(depth);
    while (isSign('+', '-')) {
      const is = tokens[next++]?.text as '+' | '-';
      left = { is, left, right: product(depth) };
    }
    return left;
  };
  const product = (depth: number): Formula => {
    let left = single(depth);
    while (isSign('*', '/')) {
      const is = tokens[next++]?.text as '*' | '/';
      left = { is, left, right: single(depth) };
    }
    return left;
  };
  const single = (depth: number): Formula => {
    if (depth > deepest) throw fault(peek().at, peek().text, `brackets stand in brackets more than ${deepest} times. Put a part into a field of its own.`);
    const one = peek();
    next += 1;
    if (one.kind === 'number') return { is: 'number', value: readNumber(one.text) };
    if (one.kind === 'name') return named(one, depth);
    if (one.text === '-') return { is: 'negative', of: single(depth + 1) };
    if (one.text === '(') {
      const inner = expression(depth + 1);
      take(')', 'a bracket is not closed. Put ) here.');
      return inner;
    }
    throw fault(one.at, one.text, one.text === '' ? 'the formula ends where a name or a number belongs. Complete it, or take the last sign out.' : 'a name, a number or ( belongs here.');
  };
  const named = (one: Token, depth: number): Formula => {
    if (isSign('(')) {
      if (one.text !== 'sum' && one.text !== 'percent') throw fault(one.at, one.text, 'there is no such function. There are sum(…) and percent(part, whole).');
      next += 1;
      const first = expression(depth + 1);
      if (one.text === 'percent') take(',', 'percent takes two figures: percent(part, whole).');
      const right = one.text === 'percent' ? expression(depth + 1) : undefined;
      take(')', `${one.text}(…) is not closed. Put ) here.`);
      return right ? { is: 'percent', left: first, right } : { is: 'sum', of: first };
    }
    const part = peek().kind === 'part' ? (tokens[next++]?.text ?? null) : null;
    return { is: 'name', name: one.text, part, at: one.at };
  };

  if (tokens.length === 0) throw fault(0, '', 'the formula is empty. Write one, or choose a measure instead.');
  const whole = expression(0);
  if (next < tokens.length) throw fault(peek().at, peek().text, 'a sign (+ - * /) is missing before this.');
  return whole;
}

/** Every name a formula uses, with its part. */
export function namesIn(formula: Formula): { name: string; part: string | null; at: number }[] {
  if (formula.is === 'name') return [formula];
  if (formula.is === 'number') return [];
  return 'of' in formula ? namesIn(formula.of) : [...namesIn(formula.left), ...namesIn(formula.right)];
}

export const sumsCouncils = (formula: Formula): boolean =>
  formula.is === 'sum' || (formula.is === 'negative' ? sumsCouncils(formula.of) : 'left' in formula && (sumsCouncils(formula.left) || sumsCouncils(formula.right)));

/** A value, or why there is none. */
export type Valued = { readonly value: Fraction } | { readonly status: Exclude<Status, 'counted'>; readonly why: string };

export interface Lookup {
  readonly figure: (name: string, part: string | null) => Valued;
  /** The same formula for each council of the area. */
  readonly councils: () => readonly Lookup[];
}

const worst: readonly Status[] = ['not available', 'not started', 'not applicable'];

/** Works a formula out. What lacks a figure lacks the result and says why; a division by 0 is not applicable. */
export function evaluate(formula: Formula, lookup: Lookup): Valued {
  if (formula.is === 'number') return { value: formula.value };
  if (formula.is === 'name') return lookup.figure(formula.name, formula.part);
  if (formula.is === 'negative') return combine([evaluate(formula.of, lookup)], ([a]) => minus(whole(0n), a));
  if (formula.is === 'sum') return combine(lookup.councils().map((each) => evaluate(formula.of, each)), (all) => all.reduce(plus, whole(0n)));
  return combine([evaluate(formula.left, lookup), evaluate(formula.right, lookup)], ([a, b]) => {
    if (formula.is === '+') return plus(a, b);
    if (formula.is === '-') return minus(a, b);
    if (formula.is === '*') return times(a, b);
    const ratio = over(a, b);
    return ratio && formula.is === 'percent' ? times(ratio, whole(100n)) : ratio;
  });
}

type Several = [Fraction, Fraction, ...Fraction[]];

function combine(parts: readonly Valued[], work: (values: Several) => Fraction | undefined): Valued {
  const missing = parts.filter((part) => 'status' in part).sort((a, b) => worst.indexOf(a.status) - worst.indexOf(b.status))[0];
  if (missing) return missing;
  const value = work(parts.flatMap((part) => ('value' in part ? [part.value] : [])) as Several);
  return value ? { value } : { status: 'not applicable', why: 'What it would be divided by is 0.' };
}

export const whole = (value: bigint): Fraction => ({ over: value, under: 1n });
const plus = (a: Fraction, b: Fraction): Fraction => ({ over: a.over * b.under + b.over * a.under, under: a.under * b.under });
const minus = (a: Fraction, b: Fraction): Fraction => plus(a, { over: -b.over, under: b.under });
const times = (a: Fraction, b: Fraction): Fraction => ({ over: a.over * b.over, under: a.under * b.under });
function over(a: Fraction, b: Fraction): Fraction | undefined {
  if (b.over === 0n) return undefined;
  const sign = b.over < 0n ? -1n : 1n;
  return { over: a.over * b.under * sign, under: a.under * b.over * sign };
}

function readNumber(text: string): Fraction {
  const [digits = '0', decimals = ''] = text.split('.');
  return { over: BigInt(digits + decimals), under: 10n ** BigInt(decimals.length) };
}

/** A figure that is given to at most six decimals, as a fraction. */
export const fractionOf = (value: number): Fraction => ({ over: BigInt(Math.round(value * 1_000_000)), under: 1_000_000n });

/** Rounded half away from zero to some decimals. */
export function rounded({ over: given, under }: Fraction, decimals: number): number {
  const scale = 10n ** BigInt(decimals);
  const size = ((given < 0n ? -given : given) * scale * 2n + under) / (under * 2n);
  return Number(given < 0n ? -size : size) / Number(scale);
}
