package account

import "headwater/logic"

// SignUpInput is what a person says of themselves to get an account. Without a name the username is the name.
type SignUpInput struct {
	Username string
	Email    string
	Password string
	Name     *string
}

// SignInInput says who someone claims to be: Login is a username or an email. Device is what the sign-in is listed as; what the
// program says of itself where it is left out.
type SignInInput struct {
	Login    string
	Password string
	Device   *string
}

// ChangePasswordInput is a new password, with the one that it takes the place of.
type ChangePasswordInput struct {
	Current string
	New     string
}

// ResetPasswordInput is a new password, with the token that was sent by mail.
type ResetPasswordInput struct {
	Token    string
	Password string
}

// ProfileChange is what persons change of themselves. A new Email needs the Password.
type ProfileChange struct {
	Name     *string
	Bio      logic.TextChange
	Website  logic.TextChange
	AvatarID logic.MediaChange
	Email    *string
	Password *string
}

// UserChange is what is changed of someone else.
type UserChange struct {
	Username *string
	Name     *string
	Bio      logic.TextChange
	Website  logic.TextChange
	AvatarID logic.MediaChange
	Email    *string
}

// CreateUserInput is an account for someone else, who can't sign in without a password. Without a name the username is the name.
type CreateUserInput struct {
	Username string
	Email    string
	Name     *string
	Role     logic.Role
	Password *string
}

// UserFilter narrows the list of users: to a role, and to those of whom every word of Query begins a word of the username, the
// name or the email.
type UserFilter struct {
	Role  *logic.Role
	Query *string
}
