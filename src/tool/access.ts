// Who may use a tool, as its definition says it. Run-time permissions and grants join it in `authz/`. Tenants and scopes
// are gates for every way in, admins and grants included.

export interface Access {
  /** Holders of any of these, inherited ones included. Empty or left out, with nothing else: admins only. */
  readonly roles?: readonly string[];
  /** These principals by id, whatever their roles. */
  readonly principals?: readonly string[];
  /** Only these tenants. @default all */
  readonly tenants?: readonly string[];
  /** Scopes the principal needs besides, all of them. Who lacks one sees the tool and is refused with FORBIDDEN. */
  readonly scopes?: readonly string[];
}
