/** What the forms that change a hotspot share. */
import type { Field } from '../fields.ts';
import type { Form } from '../form.ts';
import type { Content } from '../html.ts';
import type { MapHandle } from '../map/create.ts';

export type ChangeName = 'move' | 'split' | 'merge' | 'rename' | 'pause' | 'resume' | 'agree' | 'retire';

export interface ChangePlace {
  readonly map: MapHandle;
  readonly draw: () => void;
  readonly root: HTMLElement;
}

export interface ChangeForm {
  readonly name: ChangeName;
  readonly label: string;
  readonly about?: string;
  form(place: ChangePlace): Form;
  /** Drawn above the form. */
  beside?(): Content;
  leave?(): void;
}

export const reasonField: Field = { kind: 'textarea', name: 'reason', label: 'Reason', hint: 'Kept with the hotspot’s history', required: true };
export const fromField = (label = 'From', hint = 'The first day it holds: today or later'): Field => ({ kind: 'date', name: 'from', label, hint, required: true, requiredMessage: 'Enter the first day it holds' });
