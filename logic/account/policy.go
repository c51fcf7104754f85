package account

import "headwater/logic"

// CanKnow tells whether viewer may know of user: as of an author whom readers see, as of oneself, or of everyone.
func CanKnow(viewer logic.Viewer, user User) bool {
	return user.Listed && viewer.May(logic.ScopePostsRead) || isSelf(viewer, user) || viewer.May(logic.ScopeUsersRead)
}

// CanSeeEmail tells whether viewer may see the user's email and role.
func CanSeeEmail(viewer logic.Viewer, user User) bool {
	return isSelf(viewer, user) || seeUsers.Allows(viewer)
}

// CanSeeState tells whether viewer may see since when users are deactivated.
func CanSeeState(viewer logic.Viewer) bool { return seeUsers.Allows(viewer) }

func isSelf(viewer logic.Viewer, user User) bool { return viewer.User != 0 && viewer.User == user.ID }

// checkHold returns FORBIDDEN where a role may do what viewer may not: whoever gives such a role, or changes somebody who has it, would
// take hold of more than they have.
func checkHold(viewer logic.Viewer, role logic.Role) error {
	if !role.IsRole() || !role.Scopes().Within(viewer.Scopes()) {
		return logic.Fault(logic.CodeForbidden, "The role %s may do more than this request may.", role)
	}
	return nil
}
