import { SETTINGS } from '../../src/config/settings.ts'
import { page, table } from './markdown.ts'

export function settingsPage(): string {
  const rows = SETTINGS.map(({ variable, defaultText, description }) => [
    `\`${variable}\``,
    defaultText ? `\`${defaultText}\`` : '',
    description,
  ])
  return page(
    'Settings',
    'All settings are environment variables. A value that is not allowed is refused at start, by the name of its variable, and so are settings that make no sense together.',
    table(['variable', 'default', 'meaning'], rows),
  )
}
