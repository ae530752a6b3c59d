import { homedir, userInfo } from 'node:os'

/** The user's home; the system's where `HOME` is empty. */
export function homeFolder(): string {
  return homedir() || userInfo().homedir
}
