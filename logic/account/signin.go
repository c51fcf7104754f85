package account

import (
	"context"

	"headwater/logic"
)

// canSignIn tells whether the right password lets the person in.
func (c Credential) canSignIn() bool { return c.Password != "" && c.DeactivatedAt == nil }

// SignIn begins a session for whoever has the login, a username or an email, and the password, in place of the one that the request came
// with. Everyone may. WRONG_CREDENTIALS in the same words and after the same time whatever is wrong; REQUIRED, TOO_LONG, INVALID
// (fields login, password, device); RATE_LIMITED after several wrong tries; OVERLOADED while too many sign in.
func (s *Service) SignIn(ctx context.Context, in SignInInput) (Grant, error) {
	viewer, err := s.check(ctx, signIn)
	if err != nil {
		return Grant{}, err
	}
	login, device := normalLogin(in.Login), deviceOf(in.Device, viewer)
	var faults logic.Faults
	faults.Add(logic.CheckLine(login, 1, maxLogin), "login")
	faults.Add(logic.CheckText(in.Password, 1, maxPassword), "password")
	faults.Add(logic.CheckLine(device, 0, maxDevice), "device")
	if err := faults.Err(); err != nil {
		return Grant{}, err
	}
	credential, err := s.store.CredentialByLogin(ctx, login)
	if err != nil && logic.CodeOf(err) != logic.CodeNotFound {
		return Grant{}, err
	}
	shares, place, err := s.signInTries(ctx, login, credential.ID)
	if err != nil {
		return Grant{}, err
	}
	try, err := s.try(ctx, shares...)
	if err != nil {
		return Grant{}, err
	}
	grant, err := s.grant(ctx, credential, in.Password, device, func(w Writer) error {
		if err := try.succeed(ctx, w, s.clock()); err != nil {
			return err
		}
		return w.KnowNetwork(ctx, credential.ID, place, s.clock(), maxNetworks)
	})
	if err != nil {
		return Grant{}, s.settle(ctx, try, err)
	}
	enter(ctx, grant)
	return grant, nil
}

// grant begins a session for whoever has the credential, the zero one for nobody, where the password is right, and carries out also in
// the same change. A stored hash that was made with other parameters than now is replaced. WRONG_CREDENTIALS, OVERLOADED.
func (s *Service) grant(ctx context.Context, credential Credential, password, device string, also func(Writer) error) (Grant, error) {
	match, outdated, err := s.hasher.matches(ctx, password, credential.Password)
	if err != nil {
		return Grant{}, err
	}
	if !match || !credential.canSignIn() {
		return Grant{}, wrongCredentials()
	}
	var rehashed string
	if outdated {
		if rehashed, err = s.hasher.hash(ctx, password); err != nil {
			return Grant{}, err
		}
	}
	var grant Grant
	err = s.store.Write(ctx, func(w Writer) error {
		now, err := w.CredentialByID(ctx, credential.ID)
		if err != nil {
			return err
		}
		if !now.canSignIn() || now.Password != credential.Password { // changed since it was compared
			return wrongCredentials()
		}
		if rehashed != "" {
			if err := w.SetPassword(ctx, now.ID, rehashed); err != nil {
				return err
			}
		}
		if err := also(w); err != nil {
			return err
		}
		grant, err = s.begin(ctx, w, now.User, device, s.clock())
		return err
	})
	return grant, err
}

func wrongCredentials() *logic.Error {
	return logic.Fault(logic.CodeWrongCredentials, "There is no such login with this password.")
}

// prove tells whether the person who is signed in gave their own password again: nil where they did, else WRONG_CREDENTIALS.
// RATE_LIMITED and OVERLOADED come as the error.
func (s *Service) prove(ctx context.Context, credential Credential, password string) (*logic.Error, error) {
	share, err := s.proofTries(ctx)
	if err != nil {
		return nil, err
	}
	try, err := s.try(ctx, share)
	if err != nil {
		return nil, err
	}
	match, _, err := s.hasher.matches(ctx, password, credential.Password)
	if err != nil {
		return nil, s.settle(ctx, try, err)
	}
	if !match {
		return logic.Fault(logic.CodeWrongCredentials, "is not the password"), nil
	}
	if err := s.store.Write(ctx, func(w Writer) error { return try.succeed(ctx, w, s.clock()) }); err != nil {
		return nil, s.settle(ctx, try, err)
	}
	return nil, nil
}
