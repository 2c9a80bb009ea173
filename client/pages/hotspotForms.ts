/** The forms that change a hotspot, one a change. */
import { agreeHotspot, mergeHotspots, pauseHotspot, renameHotspot, resumeHotspot } from '../../server/changes/contract.ts';
import { retireHotspot } from '../../server/hotspots/contract.ts';
import type { HotspotDetail } from '../../server/hotspots/hotspotContract.ts';
import { call } from '../api.ts';
import type { Field } from '../fields.ts';
import { createForm, type Values } from '../form.ts';
import { navigate } from '../router.ts';
import { type ChangeForm, fromField, reasonField } from './hotspotFields.ts';
import { moveChange } from './hotspotMove.ts';
import { splitChange } from './hotspotSplit.ts';
import type { Hotspots } from './map/layers.ts';

/** What can be done to a hotspot as it stands; nothing once it has ended. */
export function changesOf(hotspot: HotspotDetail, others: Hotspots): readonly ChangeForm[] {
  if (hotspot.liveTo !== null) return [];
  if (!hotspot.agreed) return [agreeChange(hotspot), renameChange(hotspot), retireChange(hotspot, others)];
  const openPause = hotspot.pauses.some((pause) => pause.to === null);
  return [moveChange(hotspot), splitChange(hotspot), mergeChange(hotspot, others), renameChange(hotspot), openPause ? resumeChange(hotspot) : pauseChange(hotspot), retireChange(hotspot, others)];
}

function simple(hotspot: HotspotDetail, fields: readonly Field[], submit: string, send: (values: Values) => Promise<string>): ChangeForm['form'] {
  return ({ draw }) => createForm({ fields, submit, redraw: draw, action: async (values) => navigate(`/hotspots/${await send({ id: hotspot.id, ...values })}`) });
}

function mergeChange(hotspot: HotspotDetail, others: Hotspots): ChangeForm {
  const options = others.features.filter((one) => one.properties.agreed).map((one) => ({ value: one.id, label: one.properties.name }));
  return {
    name: 'merge', label: 'Merge', about: options.length === 0 ? 'There is no other hotspot of this council to merge with.' : 'Only with those that touch it. All end on the day, and one begins on it with a baseline of its own.',
    form: simple(hotspot, [{ kind: 'checkboxes', name: 'others', label: 'Merge with', options, required: true, requiredMessage: 'Choose at least one to merge with' }, { kind: 'text', name: 'name', label: 'Name', value: hotspot.name, required: true }, fromField(), reasonField], 'Merge hotspots',
      async (values) => (await call(mergeHotspots, mergeHotspots.input.parse(values))).id),
  };
}

function renameChange(hotspot: HotspotDetail): ChangeForm {
  return {
    name: 'rename', label: 'Rename',
    form: simple(hotspot, [{ kind: 'text', name: 'name', label: 'New name', value: hotspot.name, required: true }, reasonField], 'Rename hotspot', async (values) => (await call(renameHotspot, renameHotspot.input.parse(values))).id),
  };
}

function pauseChange(hotspot: HotspotDetail): ChangeForm {
  return {
    name: 'pause', label: 'Pause', about: 'No patrols are planned there while it is paused, and months it was paused in are left out of comparisons.',
    form: simple(hotspot, [fromField('Paused from'), { kind: 'date', name: 'to', label: 'Taken up again on', hint: 'Leave it empty when nobody knows yet' }, reasonField], 'Pause hotspot', async (values) => (await call(pauseHotspot, pauseHotspot.input.parse(values))).id),
  };
}

function resumeChange(hotspot: HotspotDetail): ChangeForm {
  return {
    name: 'resume', label: 'Take up again',
    form: simple(hotspot, [fromField('Patrolled again from'), reasonField], 'Take up again', async (values) => (await call(resumeHotspot, resumeHotspot.input.parse(values))).id),
  };
}

function agreeChange(hotspot: HotspotDetail): ChangeForm {
  return {
    name: 'agree', label: 'Agree', about: 'It is live from the day, and the counts of the year before are frozen as its baseline.',
    form: simple(hotspot, [fromField('First day it is patrolled', 'The year before is frozen as its baseline'), reasonField], 'Agree hotspot', async (values) => (await call(agreeHotspot, agreeHotspot.input.parse(values))).id),
  };
}

function retireChange(hotspot: HotspotDetail, others: Hotspots): ChangeForm {
  const options = others.features.map((one) => ({ value: one.id, label: one.properties.name }));
  return {
    name: 'retire', label: 'Retire', about: 'Nothing is deleted: a retired hotspot keeps its months, its visits and its baseline.',
    form: simple(hotspot, [
      { kind: 'date', name: 'liveTo', label: 'First day it is no longer patrolled', required: true, min: hotspot.liveFrom },
      { kind: 'select', name: 'replacedBy', label: 'Replaced by', blank: 'Nothing', options }, reasonField,
    ], 'Retire hotspot', async (values) => (await call(retireHotspot, retireHotspot.input.parse(values))).id),
  };
}
