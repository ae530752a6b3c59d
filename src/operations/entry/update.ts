import { z } from 'zod'
import { entryName, sharedFields } from '../../domain/entries/entry.ts'
import type { EntryType, KeptBy } from '../../domain/entries/types/entry-type.ts'
import { AppError } from '../../domain/errors.ts'
import { defineOperation } from '../define.ts'
import { ofEntry } from '../needs.ts'
import { baseVersion, entryKey, entryOutput } from './schemas.ts'

export const update = (type: EntryType, { tool, resource }: KeptBy) =>
  defineOperation({
    tool,
    action: 'update',
    routes: [`PATCH ${resource}/{id}`],
    summary: `Change fields of a ${type.name}; give base_version so that nobody's words are lost.`,
    hints: { readOnly: false, destructive: false, idempotent: false },
    needs: ofEntry('write', type.name),
    input: () =>
      z.strictObject({
        ...entryKey,
        name: entryName.optional().describe('With id: the new name. Without: which one'),
        base_version: baseVersion,
        ...sharedFields,
        content: sharedFields.content.optional(),
        append: sharedFields.content.min(1).optional().describe('Text to put behind content'),
        replace: z
          .strictObject({ old: sharedFields.content.min(1), new: sharedFields.content })
          .optional()
          .describe('Instead of content: {old, new}; old stands in it once'),
        ...type.fields.shape,
        unset: z
          .array(z.enum(Object.keys(type.fields.shape)))
          .optional()
          .describe('Own fields to take out'),
      }),
    output: () =>
      entryOutput.extend({
        merged: z.boolean().optional().describe('Others had changed other fields since base_version'),
        conflict_id: z.string().optional().describe('Overwrote a change that another agent had just made'),
      }),
    example: '"No force push" "Never force-push to a shared branch."',
    positional: ['name', 'content'],
    async run(ctx, { id, name, scope_type, scope_id, base_version, append, replace, unset = [], ...fields }) {
      const given = Object.entries(fields).filter(([, value]) => value !== undefined)
      const patch = {
        ...Object.fromEntries(given),
        ...(id !== undefined && name !== undefined ? { name } : {}),
        ...Object.fromEntries(unset.map((field) => [field, null])),
      }
      const edit = append === undefined && replace === undefined ? undefined : { append, replace }
      if (edit && fields.content !== undefined)
        throw new AppError('INVALID_PARAMETER', 'content: give it, or append and replace, not both.')
      if (!edit && Object.keys(patch).length === 0) {
        throw new AppError('MISSING_FIELD', 'Give at least one field to change, for example content.')
      }
      const key = { id, name, scope_type, scope_id }
      return ctx.entryWrites.update(ctx.caller, type.name, {
        ...key,
        patch,
        edit,
        base_version,
        isStrict: ctx.isStrict,
      })
    },
  })
