package account

import "headwater/logic"

// The rules of the domain.
var (
	seeKnown = logic.Decided("Those with POSTS_READ know of the authors of published posts, those with USERS_READ of everyone, " +
		"and each person of themselves; anyone else is not there.")
	seeEmail    = logic.Decided("The person, and those with USERS_READ.")
	seeUsers    = logic.Needs(logic.ScopeUsersRead)
	changeUsers = logic.Rule{Scope: logic.ScopeUsersWrite, Fresh: true, Text: "Those with USERS_WRITE who may do themselves all that the " +
		"person may, before and after; a person must have given the password within the last hour."}
	changeSelf = logic.SignedIn
	signIn     = logic.Everyone
	signUp     = logic.Rule{Text: "Everyone, where the site takes sign-ups and sends mail."}
)

// Rules are the rules of people, and of whoever asks.
func Rules() logic.Rules {
	rules := logic.Rules{}
	rules.Add(logic.Everyone, "Query.viewer Viewer.id Viewer.user Viewer.client Viewer.session Viewer.scopes Viewer.sessions")

	rules.Add(seeKnown, "Query.user Query.user(username)",
		"Query.users Query.users(first) Query.users(after) Query.users(last) Query.users(before)")
	rules.Add(seeUsers, "Query.users(filter) UserFilter.role UserFilter.query User.deactivatedAt")
	rules.Add(seeEmail, "User.email User.role")
	rules.Add(logic.Given, "User.id User.username User.name User.bio User.avatar User.website User.createdAt",
		"UserEdge.cursor UserEdge.node UserConnection.edges UserConnection.nodes UserConnection.pageInfo UserConnection.totalCount")

	rules.Add(logic.Given, "Session.id Session.client Session.device Session.isCurrent Session.createdAt Session.lastSeenAt",
		"Session.expiresAt")

	rules.Add(signUp, "Mutation.signUp Mutation.signUp(input)",
		"SignUpInput.username SignUpInput.email SignUpInput.password SignUpInput.name")
	rules.Add(signIn, "Mutation.confirmEmail Mutation.confirmEmail(token) Mutation.signOut",
		"Mutation.signIn Mutation.signIn(input) SignInInput.login SignInInput.password SignInInput.device",
		"Mutation.requestPasswordReset Mutation.requestPasswordReset(login)",
		"Mutation.resetPassword Mutation.resetPassword(input) ResetPasswordInput.token ResetPasswordInput.password")
	rules.Add(changeSelf, "Mutation.revokeSession Mutation.revokeSession(id)",
		"Mutation.changePassword Mutation.changePassword(input) ChangePasswordInput.current ChangePasswordInput.new",
		"Mutation.updateProfile Mutation.updateProfile(input) UpdateProfileInput.name UpdateProfileInput.bio",
		"UpdateProfileInput.website UpdateProfileInput.avatarId UpdateProfileInput.email UpdateProfileInput.password")
	rules.Add(changeUsers, "Mutation.createUser Mutation.createUser(input) CreateUserInput.username CreateUserInput.email",
		"CreateUserInput.name CreateUserInput.role CreateUserInput.password",
		"Mutation.inviteUser Mutation.inviteUser(id)",
		"Mutation.updateUser Mutation.updateUser(id) Mutation.updateUser(input) UpdateUserInput.username UpdateUserInput.name",
		"UpdateUserInput.bio UpdateUserInput.website UpdateUserInput.avatarId UpdateUserInput.email",
		"Mutation.setUserRole Mutation.setUserRole(id) Mutation.setUserRole(role)",
		"Mutation.deactivateUser Mutation.deactivateUser(id) Mutation.reactivateUser Mutation.reactivateUser(id)",
		"Mutation.eraseUser Mutation.eraseUser(id)")
	rules.Add(logic.Given, "SessionPayload.session SessionPayload.viewer SessionPayload.token SessionPayload.userErrors",
		"ViewerPayload.viewer ViewerPayload.userErrors RequestPasswordResetPayload.userErrors",
		"RevokeSessionPayload.revokedId RevokeSessionPayload.viewer RevokeSessionPayload.userErrors",
		"UserPayload.user UserPayload.userErrors EraseUserPayload.erasedId EraseUserPayload.userErrors")
	return rules
}
