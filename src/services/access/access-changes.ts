// Moved by whatever decides who is let in, and to what. Both are read by every call that comes with a key.

/** Moves when a key is made or revoked. */
export const KEYS_KEY = 'global/key'

/** Moves when a permission is granted or taken back. Those of a scope go with it, which moves the key of scopes. */
export const GRANTS_KEY = 'global/grant'
