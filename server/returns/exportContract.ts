/** A return as it leaves the service: the funder's template filled, CSV with its metadata, JSON with its hash, a PDF, and many months in one workbook. */
import { z } from 'zod';
import { endpoint, isoMonth } from '../endpoint.ts';
import { whichDefinition, whichVersion, workbookType } from './contract.ts';

const which = z.strictObject({ month: isoMonth, definition: whichDefinition.optional(), version: whichVersion.optional() });

export const getReturnTemplate = endpoint({
  method: 'GET', path: '/api/returns/:month/template', allow: 'seeReturns', sends: workbookType,
  summary: 'The funder’s template filled with the figures of a month, or of a kept version; every cell outside the definition’s map as it was issued',
  input: which, output: z.null(),
});

export const getReturnCsv = endpoint({
  method: 'GET', path: '/api/returns/:month/csv', allow: 'seeReturns', sends: 'application/zip',
  summary: 'The figures of a month, or of a kept version, as CSV (UTF-8, CRLF) with csv-metadata.json',
  input: which, output: z.null(),
});

export const getReturnJson = endpoint({
  method: 'GET', path: '/api/returns/:month/json', allow: 'seeReturns', sends: 'application/json',
  summary: 'The figures of a month, or of a kept version, as the canonical JSON that was hashed, with the hash',
  input: which, output: z.null(),
});

export const getReturnPdf = endpoint({
  method: 'GET', path: '/api/returns/:month/pdf', allow: 'seeReturns', sends: 'application/pdf',
  summary: 'The return of a month, or a kept version, as a PDF for the board, where Chromium is installed on the server',
  input: which, output: z.null(),
});

export const returnForms = endpoint({
  method: 'GET', path: '/api/returns/:month/forms', allow: 'seeReturns',
  summary: 'In which forms a return can be had: whether its definition fills a template, and whether this server makes PDF',
  input: z.strictObject({ month: isoMonth, definition: whichDefinition.optional() }),
  output: z.object({ template: z.string().nullable(), pdf: z.boolean() }),
});

export const getReturnMonths = endpoint({
  method: 'GET', path: '/api/return-months/workbook', allow: 'seeReturns', sends: workbookType,
  summary: 'The monthly figures of many months as one accessible workbook: every figure by hotspot and month, and by council and month',
  input: z.strictObject({ from: isoMonth, to: isoMonth }),
  output: z.null(),
});
