/** Every failure a person can meet, named once with a code; and the sentence for each constraint the database holds. */
import { claimSentences } from './claims/sentences.ts';
import type { Problem } from './endpoint.ts';
import { forecastSentences } from './forecast/sentences.ts';
import { changesSentences } from './changes/sentences.ts';
import { closureSentences } from './closure/sentences.ts';
import { deliverySentences } from './delivery/sentences.ts';
import { allocationSentences } from './grants/sentences.ts';
import { hoursSentences } from './claims/hoursSentences.ts';
import { incidentSentences } from './incidents/sentences.ts';
import { ledgerSentences } from './ledger/sentences.ts';
import { placeSentences } from './places/sentences.ts';
import { roundSentences } from './rounds/sentences.ts';
import { trackSentences } from './recording/trackSentences.ts';
import { rotaSentences } from './rota/sentences.ts';
import { wardenSentences } from './patrols/wardenSentences.ts';
import { termsSentences } from './terms/sentences.ts';
import { evaluationSentences } from './evaluation/sentences.ts';
import { publicationSentences } from './publication/sentences.ts';
import { reallocationSentences } from './reallocations/sentences.ts';
import { collectSentences } from './returns/collectSentences.ts';
import { recordingSentences } from './recording/sentences.ts';
import { returnSentences } from './returns/sentences.ts';

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

const titles: Record<number, string> = {
  400: 'The request cannot be used',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
  409: 'It does not fit what is there',
  413: 'Too large',
  415: 'Wrong kind of content',
  422: 'The input needs correcting',
  429: 'Too many at once',
  500: 'Something failed here',
  503: 'Not ready',
};

/** A failure with a status, a stable code and a sentence that says what to do. */
export class AppError extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldError[];
  /** True when what the request wrote is kept although it is refused: a try that is counted. */
  keepsChanges = false;
  /** Seconds after which it may be asked for again: sent as Retry-After. */
  retryAfter: number | undefined;

  constructor(status: number, code: string, detail: string, errors: readonly FieldError[] = []) {
    super(detail);
    this.name = 'AppError';
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  /** The same refusal, with the seconds to wait. */
  after(seconds: number): this {
    this.retryAfter = seconds;
    return this;
  }
}

export const notFound = (what: string) => new AppError(404, 'not_found', `There is no such ${what}, or it is not yours to see.`);
export const notSignedIn = () => new AppError(401, 'not_signed_in', 'Sign in to do this.');
export const notAllowed = (says: string) => new AppError(403, 'not_allowed', `Your roles do not let you: ${says.toLowerCase()}. Ask an administrator.`);
export const invalid = (errors: readonly FieldError[]) =>
  new AppError(422, 'invalid_input', errors.map((error) => `${error.field}: ${error.message}`).join(' '), errors);
/** The same refusal, with what was written before it kept. */
export const keeping = (error: AppError): AppError => Object.assign(error, { keepsChanges: true });
export const conflict = (code: string, detail: string) => new AppError(409, code, detail);

/** Constraint name -> the sentence shown when the database refuses a row for it. */
const constraintSentences: Record<string, string> = {
  fund_agreements_within_award: 'The agreements together would pass the fund’s award. Lower this ceiling or another first.',
  agreement_commitments_within_ceiling: 'The commitments would pass the agreement’s ceiling. Lower the amount, or vary the agreement first.',
  agreement_one_a_council_at_a_time: 'This council already has an agreement under this fund for some of these dates. End that one first, or change the dates.',
  agreement_reference_once: 'Another agreement has this reference. Give a different one.',
  agreement_rate_one_a_day: 'There is already a rate for this band on some of these dates. End that rate first.',
  fund_dates_in_order: 'The fund’s last day must be after its first.',
  agreement_dates_in_order: 'The agreement’s last day must be after its first.',
  fund_name_once: 'Another fund has this name. Give a different one.',
  person_email_once: 'Somebody already has this e-mail address.',
  role_grant_proposer_is_not_approver: 'Who proposed a role cannot approve it. Ask another administrator.',
  role_grant_holder_is_not_approver: 'Nobody approves their own role. Ask another administrator.',
  role_grant_in_own_name: 'A role is proposed and decided once, in one’s own name. Reload the page and try again.',
  role_grant_not_to_oneself: 'Nobody gives themselves a role. Ask another administrator.',
  role_grant_approver_needs_two: 'This role approves money or people, so a second administrator must approve it.',
  role_grant_dates_in_order: 'A role that has lasted a day must end after its first day. Give a later first day without it.',
  role_grant_delegation_has_end: 'A delegation needs a last day.',
  role_grant_once_at_a_time: 'This person already has this role for some of these dates.',
  second_factor_reset_not_for_oneself: 'Nobody resets their own second factor. Ask two other administrators.',
  second_factor_reset_proposer_is_not_approver: 'Who proposed a reset cannot decide on it. Ask another administrator.',
  second_factor_reset_holder_is_not_approver: 'Nobody decides on their own second factor. Ask another administrator.',
  second_factor_reset_in_own_name: 'A reset is proposed and decided once, in one’s own name. Reload the page and try again.',
  second_factor_reset_one_at_a_time: 'A reset of this second factor is proposed already. Another administrator must decide on it first.',
  boundary_one_a_day: 'There is already a boundary of this kind and code for some of these dates. Give the dates this one is valid from and to.',
  hotspot_name_once_at_a_time: 'A hotspot of this council already has this name for some of these dates. Give a different name.',
  hotspot_outline_is_sound: 'The outline crosses itself or is empty. Choose cells again.',
  hotspot_dates_in_order: 'A hotspot’s last day must be after its first.',
  warden_reference_once: 'This council already has a warden with this reference.',
  visit_times_in_order: 'The visit must end after it starts.',
  visit_pkey: 'This id stands for another visit. Record the visit under a new id.',
  visit_one_place_a_patrol: 'The crew of this patrol is in another visit at the same time. Correct the times, or the patrol reference.',
  visit_warden_one_place_at_a_time: 'A warden of this visit is in another visit at the same time. Correct the times, or the wardens.',
  visit_action_needs_police: 'Wardens have no police power of arrest, stop and search or dispersal. Mark the visit as joint with the police, or take the action out.',
  warden_dates_in_order: 'A warden’s last day must be after the first.',
  visit_under_a_day: 'A visit cannot last over 24 hours. Check the dates.',
  agreement_rate_dates_in_order: 'A rate must end after it starts.',
  commitment_pkey: 'This id stands for another commitment. Enter this one under a new id.',
  fund_award_positive: 'A fund’s award must be over £0.00.',
  agreement_ceiling_positive: 'An agreement’s ceiling must be over £0.00, or £0.00 while it waits for its first money and is not live.',
  organisation_body_has_code: 'A council or a police force has an area code, and no other organisation has one.',
  agreement_rate_positive: 'An hourly rate must be over £0.00.',
  commitment_not_zero: 'A commitment of £0.00 commits nothing. Enter an amount.',
  agreement_productive_ratio_a_share: 'The productive ratio must be over 0 and at most 1.',
  audit_event_append_only: 'The audit trail is never changed.',
  audit_digest_append_only: 'The audit trail is never changed.',
  commitment_append_only: 'Commitments are never changed; enter a correcting one.',
  return_version_append_only: 'A return that was made is never changed; make a new version.',
  hotspot_baseline_append_only: 'A baseline is frozen when the hotspot is adopted.',
  document_subject_kind_known: 'A document belongs to an agreement, a variation, a condition, a claim or its line, a reallocation or a closure. Choose one of these.',
  document_withdrawn_once: 'This document was withdrawn before.',
  document_append_only: 'A document is never removed. Withdraw it, with a reason.',
  document_content_append_only: 'A document is never changed. Withdraw it and add the right one.',
  published_table_append_only: 'A published table is kept as it was printed. Enter a corrected one anew.',
  ...changesSentences,
  ...placeSentences,
  ...incidentSentences,
  ...allocationSentences,
  ...deliverySentences,
  ...ledgerSentences,
  ...wardenSentences,
  ...rotaSentences,
  ...roundSentences,
  ...trackSentences,
  ...reallocationSentences,
  ...forecastSentences,
  ...hoursSentences,
  ...closureSentences,
  ...termsSentences,
  ...returnSentences,
  ...collectSentences,
  ...evaluationSentences,
  ...publicationSentences,
  ...claimSentences,
  ...recordingSentences,
};

/** True for an error of the database with a constraint we named. */
export function constraintError(error: unknown): AppError | undefined {
  const { constraint } = (error ?? {}) as { constraint?: string };
  const sentence = constraint ? constraintSentences[constraint] : undefined;
  return constraint && sentence ? conflict(constraint, sentence) : undefined;
}

/** SQLSTATE of values no column of ours can hold: out of range, no such date, characters PostgreSQL refuses. */
const unusableValues = ['22003', '22007', '22008', '22021', '22P05'];

function valueError(error: unknown): AppError | undefined {
  const { code, severity } = (error ?? {}) as { code?: string; severity?: string };
  if (!severity || !unusableValues.includes(code ?? '')) return undefined;
  return new AppError(422, 'unusable_value', 'A number or a date is beyond what can be kept, or a text holds a character that cannot be. Check what was entered.');
}

/** What a thrown thing means to who asked; undefined when nobody expected it. */
export function knownFailure(error: unknown): AppError | undefined {
  return error instanceof AppError ? error : (constraintError(error) ?? valueError(error) ?? fromBodyParser(error));
}

/** Any thrown thing -> problem+json. What nobody expected says so without its inner words; the log keeps them. */
export function toProblem(error: unknown, requestId?: string): Problem {
  const failure = knownFailure(error) ?? new AppError(500, 'unexpected', `Something failed here, not with you. Try again; if it fails again, tell the support address this number: ${requestId ?? 'none'}.`);
  return {
    type: `about:blank#${failure.code}`,
    title: titles[failure.status] ?? 'Failed',
    status: failure.status,
    code: failure.code,
    detail: failure.message,
    ...(requestId ? { requestId } : {}),
    ...(failure.errors.length ? { errors: [...failure.errors] } : {}),
  };
}

function fromBodyParser(error: unknown): AppError | undefined {
  const { type, status } = (error ?? {}) as { type?: string; status?: number };
  if (type === 'entity.too.large') return new AppError(413, 'too_large', 'The body is too large. Send at most 1 MB of JSON.');
  if (type === 'entity.parse.failed') return new AppError(400, 'not_json', 'The body is not JSON.');
  if (type === 'charset.unsupported' || type === 'encoding.unsupported') return new AppError(415, 'wrong_encoding', 'Send the body as UTF-8.');
  return status === 400 ? new AppError(400, 'bad_request', 'The request could not be read.') : undefined;
}
