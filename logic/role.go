package logic

// Role says what a person is to the site. The zero Role is nobody's.
type Role string

// The roles, each of which may do all that the one before it may.
const (
	RoleReader Role = "READER"
	RoleAuthor Role = "AUTHOR"
	RoleEditor Role = "EDITOR"
	RoleAdmin  Role = "ADMIN"
)

// Anonymous is what anyone may do who is nobody, and by no secret key.
var Anonymous = ScopesOf(ScopePostsRead, ScopeMetricsWrite)

var (
	authorScopes = Anonymous | ScopesOf(ScopePostsWrite, ScopeMetricsRead)
	editorScopes = authorScopes | ScopesOf(ScopeDraftsRead, ScopePostsPublish, ScopeUsersRead)
)

// Scopes returns the most that a person of the role may do; nothing for what is no role.
func (r Role) Scopes() Scopes {
	switch r {
	case RoleReader:
		return Anonymous
	case RoleAuthor:
		return authorScopes
	case RoleEditor:
		return editorScopes
	case RoleAdmin:
		return AllScopes
	}
	return 0
}

// IsRole tells whether there is such a role.
func (r Role) IsRole() bool { return r.Scopes() != 0 }

// IsStaff tells whether a person of the role works on the site rather than reads it.
func (r Role) IsStaff() bool { return r == RoleAuthor || r == RoleEditor || r == RoleAdmin }
