package account

import (
	"context"

	"headwater/logic"
)

func (s *Service) Authenticate(ctx context.Context, token string) (Session, User, error) { panic(0) }
func (s *Service) Run(ctx context.Context)                                               { panic(0) }
func (s *Service) Email(ctx context.Context, user User) *string                          { panic(0) }
func (s *Service) Role(ctx context.Context, user User) *logic.Role                       { panic(0) }
func (s *Service) DeactivatedAt(ctx context.Context, user User) *logic.Moment            { panic(0) }
func (s *Service) Sessions(ctx context.Context) ([]Session, error)                       { panic(0) }
func (s *Service) SessionsByID(ctx context.Context, ids []logic.SessionID) (map[logic.SessionID]Session, error) {
	panic(0)
}
func (s *Service) SignUp(ctx context.Context, in SignUpInput) error              { panic(0) }
func (s *Service) ConfirmEmail(ctx context.Context, token string) (Grant, error) { panic(0) }
func (s *Service) SignIn(ctx context.Context, in SignInInput) (Grant, error)     { panic(0) }
func (s *Service) SignOut(ctx context.Context) error                             { panic(0) }
func (s *Service) RevokeSession(ctx context.Context, id logic.SessionID) (logic.SessionID, error) {
	panic(0)
}
func (s *Service) ChangePassword(ctx context.Context, in ChangePasswordInput) error        { panic(0) }
func (s *Service) RequestPasswordReset(ctx context.Context, login string) error            { panic(0) }
func (s *Service) ResetPassword(ctx context.Context, in ResetPasswordInput) (Grant, error) { panic(0) }
func (s *Service) UpdateProfile(ctx context.Context, change ProfileChange) (User, error)   { panic(0) }
func (s *Service) CreateUser(ctx context.Context, in CreateUserInput) (User, error)        { panic(0) }
func (s *Service) InviteUser(ctx context.Context, id logic.UserID) (User, error)           { panic(0) }
func (s *Service) UpdateUser(ctx context.Context, id logic.UserID, change UserChange) (User, error) {
	panic(0)
}
func (s *Service) SetUserRole(ctx context.Context, id logic.UserID, role logic.Role) (User, error) {
	panic(0)
}
func (s *Service) DeactivateUser(ctx context.Context, id logic.UserID) (User, error)        { panic(0) }
func (s *Service) ReactivateUser(ctx context.Context, id logic.UserID) (User, error)        { panic(0) }
func (s *Service) EraseUser(ctx context.Context, id logic.UserID) (logic.UserID, error)     { panic(0) }
func (s *Service) SetPassword(ctx context.Context, username, password string) (User, error) { panic(0) }
func Rules() logic.Rules                                                                    { panic(0) }
