package graph

import (
	"context"

	"headwater/graph/bind"
	"headwater/graph/gen"
	"headwater/logic"
	"headwater/logic/account"
)

func (r mutation) SignUp(ctx context.Context, input account.SignUpInput) (*gen.SessionPayload, error) {
	return r.signedIn(ctx, account.Grant{}, ofInput(r.Account.SignUp(ctx, input)))
}

func (r mutation) ConfirmEmail(ctx context.Context, token string) (*gen.SessionPayload, error) {
	grant, err := r.Account.ConfirmEmail(ctx, token)
	return r.signedIn(ctx, grant, err)
}

func (r mutation) SignIn(ctx context.Context, input account.SignInInput) (*gen.SessionPayload, error) {
	grant, err := r.Account.SignIn(ctx, input)
	return r.signedIn(ctx, grant, ofInput(err))
}

func (r mutation) ResetPassword(ctx context.Context, input account.ResetPasswordInput) (*gen.SessionPayload, error) {
	grant, err := r.Account.ResetPassword(ctx, input)
	return r.signedIn(ctx, grant, ofInput(err))
}

// signedIn answers what may have ended in a session: the zero grant where it did not.
func (r mutation) signedIn(ctx context.Context, grant account.Grant, err error) (*gen.SessionPayload, error) {
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	payload := &gen.SessionPayload{Viewer: logic.ViewerFrom(ctx), UserErrors: faults}
	if grant.Session.ID != 0 {
		payload.Session = &bind.Sessions([]account.Session{grant.Session})[0]
		payload.Token = handOver(ctx, grant)
	}
	return payload, nil
}

func (r mutation) SignOut(ctx context.Context) (*gen.ViewerPayload, error) {
	return viewerPayload(ctx, r.Account.SignOut(ctx))
}

func (r mutation) RevokeSession(ctx context.Context, id logic.ID) (*gen.RevokeSessionPayload, error) {
	key, _ := id.Session()
	revoked, err := r.Account.RevokeSession(ctx, key)
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	return &gen.RevokeSessionPayload{RevokedID: given(revoked.ID(), faults), Viewer: logic.ViewerFrom(ctx), UserErrors: faults}, nil
}

func (r mutation) ChangePassword(ctx context.Context, input account.ChangePasswordInput) (*gen.ViewerPayload, error) {
	return viewerPayload(ctx, ofInput(r.Account.ChangePassword(ctx, input)))
}

func viewerPayload(ctx context.Context, err error) (*gen.ViewerPayload, error) {
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	return &gen.ViewerPayload{Viewer: logic.ViewerFrom(ctx), UserErrors: faults}, nil
}

func (r mutation) RequestPasswordReset(ctx context.Context, login string) (*gen.RequestPasswordResetPayload, error) {
	faults, err := userErrors(r.Account.RequestPasswordReset(ctx, login))
	if err != nil {
		return nil, err
	}
	return &gen.RequestPasswordResetPayload{UserErrors: faults}, nil
}

func (r mutation) UpdateProfile(ctx context.Context, input account.ProfileChange) (*gen.UserPayload, error) {
	row, err := r.Account.UpdateProfile(ctx, input)
	return userPayload(row, ofInput(err))
}

func (r mutation) CreateUser(ctx context.Context, input account.CreateUserInput) (*gen.UserPayload, error) {
	row, err := r.Account.CreateUser(ctx, input)
	return userPayload(row, ofInput(err))
}

func (r mutation) InviteUser(ctx context.Context, id logic.ID) (*gen.UserPayload, error) {
	key, _ := id.User()
	return userPayload(r.Account.InviteUser(ctx, key))
}

func (r mutation) UpdateUser(ctx context.Context, id logic.ID, input account.UserChange) (*gen.UserPayload, error) {
	key, _ := id.User()
	row, err := r.Account.UpdateUser(ctx, key, input)
	return userPayload(row, ofInput(err, "id"))
}

func (r mutation) SetUserRole(ctx context.Context, id logic.ID, role logic.Role) (*gen.UserPayload, error) {
	key, _ := id.User()
	return userPayload(r.Account.SetUserRole(ctx, key, role))
}

func (r mutation) DeactivateUser(ctx context.Context, id logic.ID) (*gen.UserPayload, error) {
	key, _ := id.User()
	return userPayload(r.Account.DeactivateUser(ctx, key))
}

func (r mutation) ReactivateUser(ctx context.Context, id logic.ID) (*gen.UserPayload, error) {
	key, _ := id.User()
	return userPayload(r.Account.ReactivateUser(ctx, key))
}

func (r mutation) EraseUser(ctx context.Context, id logic.ID) (*gen.EraseUserPayload, error) {
	key, _ := id.User()
	erased, err := r.Account.EraseUser(ctx, key)
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	return &gen.EraseUserPayload{ErasedID: given(erased.ID(), faults), UserErrors: faults}, nil
}

func userPayload(row account.User, err error) (*gen.UserPayload, error) {
	faults, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	return &gen.UserPayload{User: done(row, faults, bind.Users), UserErrors: faults}, nil
}

// given returns value for a payload, nil where faults say that nothing was done.
func given[T any](value T, faults []logic.Error) *T {
	if len(faults) > 0 {
		return nil
	}
	return &value
}

// done returns the row that a mutation left, nil where faults say that nothing was done.
func done[T, Row any](row T, faults []logic.Error, batch func([]T) []Row) *Row {
	return given(batch([]T{row})[0], faults)
}
