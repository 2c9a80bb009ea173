/** Subtypes, and which categories belong to them. */
import type { Knex } from 'knex';
import type { CategorySubtypes } from './qualityContract.ts';

export async function listSubtypesHeld(db: Knex): Promise<{ code: string; name: string; about: string }[]> {
  return db('subtype').select('code', 'name', 'about').orderBy('position');
}

export async function listCategorySubtypes(db: Knex): Promise<CategorySubtypes[]> {
  const { rows } = await db.raw(`
    select category.code, category.name, asb, coalesce(array_agg(subtype_code order by position) filter (where subtype_code is not null), '{}') as subtypes
    from category left join category_subtype on category_code = category.code left join subtype on subtype.code = subtype_code
    group by category.code order by category.code`);
  return rows as CategorySubtypes[];
}

/** Puts these subtypes in place of a category's. */
export async function saveSubtypes(trx: Knex.Transaction, category: string, subtypes: readonly string[]): Promise<void> {
  await trx('category_subtype').where({ category_code: category }).delete();
  if (subtypes.length) await trx('category_subtype').insert(subtypes.map((code) => ({ category_code: category, subtype_code: code })));
}
