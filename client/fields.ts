/** The fields a form can have. */
import type { Content } from './html.ts';

export interface Option {
  value: string;
  label: string;
  hint?: string;
}

interface Base {
  /** The name of the contract's input field. */
  name: string;
  label: string;
  hint?: Content;
  /** Without a value the form is not sent; fields without it are marked "optional". */
  required?: boolean;
  /** The words when it is left blank; "Enter the reference" is made from the label unless told. */
  requiredMessage?: string;
}

interface Typed extends Base {
  value?: string | undefined;
  autocomplete?: string;
  /** About how much is typed: sets the field's width. */
  size?: 'short' | 'medium' | 'long';
}

export type TextField = Typed & { kind: 'text' | 'email' | 'password' | 'time' };
export type TextareaField = Typed & { kind: 'textarea' };
/** `2023-07-01` and `2023-07`, as contracts have them. */
export type CalendarField = Typed & { kind: 'date' | 'month'; min?: string; max?: string };
export type NumberField = Base & { kind: 'number'; value?: number | undefined; min?: number; max?: number; unit?: string; whole?: boolean };
/** Typed in pounds, given in pence. */
export type MoneyField = Base & { kind: 'money'; value?: number | undefined };
export type SelectField = Base & { kind: 'select'; value?: string | undefined; options: readonly Option[]; blank?: string };
export type RadiosField = Base & { kind: 'radios'; value?: string | undefined; options: readonly Option[]; inline?: boolean };
export type CheckboxesField = Base & { kind: 'checkboxes'; value?: readonly string[] | undefined; options: readonly Option[] };
/** One box: true or false. */
export type CheckboxField = Base & { kind: 'checkbox'; value?: boolean | undefined };
export type FileField = Base & { kind: 'file'; accept?: string; many?: boolean };
export type HiddenField = Base & { kind: 'hidden'; value: string };

/** Fields with one control under their label. */
export type SingleField = TextField | TextareaField | CalendarField | NumberField | MoneyField | SelectField | FileField;
/** Fields with several boxes under one question, or one box beside its label. */
export type GroupField = RadiosField | CheckboxesField | CheckboxField;
export type Field = SingleField | GroupField | HiddenField;
