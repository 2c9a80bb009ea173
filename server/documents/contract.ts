/** Documents and evidence under an agreement: what each shows, its hash, and the file itself for who may see the agreement. */
import { z } from 'zod';
import { endpoint, id } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';

export const documentSubjects = ['agreement', 'variation', 'condition', 'claim', 'claim line', 'reallocation', 'closure'] as const;
export type DocumentSubject = (typeof documentSubjects)[number];

export const document = z.object({
  id, agreementId: id, subjectKind: z.enum(documentSubjects), subjectId: id,
  title: z.string(), fileName: z.string(), mediaType: z.string(), bytes: z.number().int(),
  /** Of the file as it was sent, in hexadecimal. */
  sha256: z.string(),
  addedBy: z.string().nullable(), addedAt: z.string(),
  /** A document is never removed: one sent by mistake is withdrawn, and says why. */
  withdrawn: z.object({ at: z.string(), reason: z.string() }).nullable(),
});
export type Document = z.infer<typeof document>;

export const listDocuments = endpoint({
  method: 'GET', path: '/api/agreements/:id/documents', allow: 'seeMoney',
  summary: 'Documents of an agreement, or of one thing under it, oldest first',
  input: z.strictObject({ id, subjectKind: z.enum(documentSubjects).optional(), subjectId: id.optional() }),
  output: z.object({ documents: z.array(document) }),
});

export const addDocument = endpoint({
  method: 'POST', path: '/api/agreements/:id/documents', allow: 'addDocuments', receivesFile: true,
  summary: 'Add a document: a PDF, a picture, a text or a workbook without macros. The same id sent again adds nothing more',
  input: z.strictObject({ id, documentId: id, subjectKind: z.enum(documentSubjects), subjectId: id, title: freeText(160).min(1, 'Say what the document shows.'), fileName: freeText(255) }),
  output: document,
});

export const readDocument = endpoint({
  method: 'GET', path: '/api/documents/:id', allow: 'seeMoney', sends: 'application/octet-stream',
  summary: 'A document’s file; who read it is kept in the audit trail',
  input: z.strictObject({ id }),
  output: z.null(),
});

export const withdrawDocument = endpoint({
  method: 'POST', path: '/api/documents/:id/withdrawal', allow: 'addDocuments',
  summary: 'Withdraw a document that was added by mistake; it stays readable and says why',
  input: z.strictObject({ id, reason: reasonText() }),
  output: document,
});
