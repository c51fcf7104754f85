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
	credential, rehashed, try, err := s.verify(ctx, login, in.Password)
	if err != nil {
		return Grant{}, err
	}
	var grant Grant
	err = s.store.Write(ctx, func(w Writer) error {
		now, err := w.CredentialByID(ctx, credential.ID)
		if err != nil {
			return err
		}
		if !now.canSignIn() || now.Password != credential.Password { // changed since it was verified
			return wrongCredentials()
		}
		if rehashed != "" {
			if err := w.SetPassword(ctx, now.ID, rehashed); err != nil {
				return err
			}
		}
		if err := try.succeed(ctx, w); err != nil {
			return err
		}
		if try.network != "" {
			if err := w.KnowNetwork(ctx, now.ID, try.network, s.clock(), maxNetworks); err != nil {
				return err
			}
		}
		grant, err = s.begin(ctx, w, now.User, device, s.clock())
		return err
	})
	if err != nil {
		return Grant{}, err
	}
	enter(ctx, grant)
	return grant, nil
}

func wrongCredentials() *logic.Error {
	return logic.Fault(logic.CodeWrongCredentials, "There is no such login with this password.")
}

// verify returns who has the login and the password, with a hash to replace the stored one by where that was made with other
// parameters than now, and the try, which is counted until the caller takes it back. WRONG_CREDENTIALS, RATE_LIMITED, OVERLOADED.
func (s *Service) verify(ctx context.Context, login, password string) (Credential, string, attempt, error) {
	try, err := s.attempt(ctx, trySignIn, login, false)
	if err != nil {
		return Credential{}, "", attempt{}, err
	}
	credential, err := s.store.CredentialByLogin(ctx, login)
	if logic.CodeOf(err) == logic.CodeNotFound {
		err = nil // and nobody's password is compared
	}
	var match, outdated bool
	if err == nil {
		match, outdated, err = s.hasher.matches(ctx, password, credential.Password)
	}
	if err != nil {
		s.abandon(ctx, try)
		return Credential{}, "", attempt{}, err
	}
	if !match || !credential.canSignIn() {
		if err := s.fail(ctx, try); err != nil {
			return Credential{}, "", attempt{}, err
		}
		return Credential{}, "", attempt{}, wrongCredentials()
	}
	var rehashed string
	if outdated {
		if rehashed, err = s.hasher.hash(ctx, password); err != nil {
			s.abandon(ctx, try)
			return Credential{}, "", attempt{}, err
		}
	}
	return credential, rehashed, try, nil
}

// prove tells whether the person who is signed in gave their own password again: nil where they did, else WRONG_CREDENTIALS.
// RATE_LIMITED and OVERLOADED come as the error.
func (s *Service) prove(ctx context.Context, credential Credential, password string) (*logic.Error, error) {
	try, err := s.attempt(ctx, trySignIn, credential.Username, true)
	if err != nil {
		return nil, err
	}
	match, _, err := s.hasher.matches(ctx, password, credential.Password)
	if err != nil {
		s.abandon(ctx, try)
		return nil, err
	}
	if !match {
		return logic.Fault(logic.CodeWrongCredentials, "is not the password"), s.fail(ctx, try)
	}
	return nil, s.store.Write(ctx, func(w Writer) error { return try.succeed(ctx, w) })
}
