/** Another database is using this Redis under this prefix: what both put there would be mixed up. */
export class OtherDatabaseError extends Error {
  override readonly name = 'OtherDatabaseError'

  constructor(prefix: string) {
    super(`another database uses this Redis under the prefix ${JSON.stringify(prefix)}`)
  }
}
