package account

import (
	"context"

	"headwater/logic"
)

// ChangePassword gives the viewer a new password and ends all of their other sessions. Whoever is signed in may. WRONG_CREDENTIALS
// (field current); REQUIRED, INVALID, TOO_LONG, WEAK_PASSWORD (field new); RATE_LIMITED, OVERLOADED; UNAUTHENTICATED where the viewer
// was shut out meanwhile.
func (s *Service) ChangePassword(ctx context.Context, in ChangePasswordInput) error {
	viewer, err := s.check(ctx, changeSelf)
	if err != nil {
		return err
	}
	credential, err := s.store.CredentialByID(ctx, viewer.User)
	if err != nil {
		return err
	}
	wrong, err := s.prove(ctx, credential, in.Current)
	if err != nil {
		return err
	}
	var faults logic.Faults
	faults.Add(wrong, "current")
	faults.Add(checkPassword(in.New, credential.User), "new")
	if err := faults.Err(); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, in.New)
	if err != nil {
		return err
	}
	now := s.clock()
	err = s.store.Write(ctx, func(w Writer) error {
		if _, err := stillThere(ctx, w, credential); err != nil {
			return err
		}
		if err := replacePassword(ctx, w, viewer.User, hash, viewer.Session); err != nil {
			return err
		}
		return w.ProveSession(ctx, viewer.Session, now)
	})
	if err == nil {
		viewer.ProvedAt = now
		logic.Become(ctx, viewer)
	}
	return err
}

// replacePassword gives a person a password, and ends all sessions but one and all that could make another.
func replacePassword(ctx context.Context, w Writer, user logic.UserID, hash string, but logic.SessionID) error {
	if err := w.SetPassword(ctx, user, hash); err != nil {
		return err
	}
	return shutOut(ctx, w, user, but)
}

// shutOut ends all sessions of a person but one, and all that could make another without the password.
func shutOut(ctx context.Context, w Writer, user logic.UserID, but logic.SessionID) error {
	if err := w.DeleteSessionsOf(ctx, user, but); err != nil {
		return err
	}
	return w.DeleteTokensOf(ctx, user)
}

// RequestPasswordReset sends a mail with a token for ResetPassword to whoever has the login, if they have an email and a password, and no
// more than maxResets that work for most of their time. It takes the same time and answers the same where no mail is sent. Everyone may,
// however often somebody asked. REQUIRED, TOO_LONG, INVALID (field login).
func (s *Service) RequestPasswordReset(ctx context.Context, login string) error {
	if _, err := s.check(ctx, signIn); err != nil {
		return err
	}
	login = normalLogin(login)
	if fault := logic.CheckLine(login, 1, maxLogin); fault != nil {
		return fault.At("login")
	}
	var mail letter
	err := s.store.Write(ctx, func(w Writer) error {
		credential, err := w.CredentialByLogin(ctx, login)
		if err != nil && logic.CodeOf(err) != logic.CodeNotFound {
			return err
		}
		working, err := w.CountTokens(ctx, credential.ID, PurposeReset, s.clock().Add(resetFor/2))
		if err != nil {
			return err
		}
		if !credential.canSignIn() || credential.Email == nil || working >= maxResets {
			mail = letter{}
			_, _, kept := s.newToken(PurposeReset, 0)
			return w.InsertToken(ctx, nobodys, kept)
		}
		token, hash, kept := s.newToken(PurposeReset, credential.ID)
		mail = s.resetLetter(*credential.Email, token)
		return w.InsertToken(ctx, hash, kept)
	})
	if err == nil && mail.to != "" {
		s.send(ctx, mail)
	}
	return err
}

// maxResets is how many links for a reset a person is sent while all of them work for half of their time yet: whoever gets no other has
// one at hand.
const maxResets = 3

// nobodys is where a token is kept that nobody was sent, in place of the one before. No token has this hash.
var nobodys logic.TokenHash

// ResetPassword gives whoever the token was sent to the password, ends all of their sessions and begins one. Everyone may. EXPIRED
// (field token); REQUIRED, INVALID, TOO_LONG, WEAK_PASSWORD (field password); OVERLOADED.
func (s *Service) ResetPassword(ctx context.Context, in ResetPasswordInput) (Grant, error) {
	viewer, err := s.check(ctx, signIn)
	if err != nil {
		return Grant{}, err
	}
	user, err := s.holder(ctx, s.store, in.Token)
	if err != nil {
		return Grant{}, err
	}
	if fault := checkPassword(in.Password, user); fault != nil {
		return Grant{}, fault.At("password")
	}
	hash, err := s.hasher.hash(ctx, in.Password)
	if err != nil {
		return Grant{}, err
	}
	var grant Grant
	err = s.store.Write(ctx, func(w Writer) error {
		user, err := s.holder(ctx, w, in.Token)
		if err != nil {
			return err
		}
		if err := replacePassword(ctx, w, user.ID, hash, 0); err != nil {
			return err
		}
		grant, err = s.begin(ctx, w, user, deviceOf(nil, viewer), s.clock())
		return err
	})
	if err != nil {
		return Grant{}, err
	}
	enter(ctx, grant)
	return grant, nil
}

// holder returns whom a token lets choose a password, or EXPIRED.
func (s *Service) holder(ctx context.Context, r Reader, token string) (User, error) {
	kept, err := s.token(ctx, r, token, PurposeReset, PurposeInvite)
	if err != nil {
		return User{}, err
	}
	if kept.UserID == nil {
		return User{}, expired()
	}
	credential, err := r.CredentialByID(ctx, *kept.UserID)
	if err == nil && credential.DeactivatedAt != nil {
		return User{}, expired()
	}
	return credential.User, err
}

// SetPassword gives the user with a username a password and ends all of their sessions. It is for the command line alone, else
// FORBIDDEN. NOT_FOUND (field username); REQUIRED, INVALID, TOO_LONG, WEAK_PASSWORD (field password).
func (s *Service) SetPassword(ctx context.Context, username, password string) (User, error) {
	if !logic.ViewerFrom(ctx).Operator {
		return User{}, logic.Fault(logic.CodeForbidden, "Passwords of others are set on the command line.")
	}
	user, err := named(ctx, s.store, username)
	if err != nil {
		return User{}, err
	}
	if fault := checkPassword(password, user); fault != nil {
		return User{}, fault.At("password")
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return User{}, err
	}
	return user, s.store.Write(ctx, func(w Writer) error {
		user, err := named(ctx, w, username)
		if err != nil {
			return err
		}
		return replacePassword(ctx, w, user.ID, hash, 0)
	})
}

// named returns the user with a username, or NOT_FOUND (field username), as of the erased.
func named(ctx context.Context, r Reader, username string) (User, error) {
	user, err := r.UserByUsername(ctx, normalLogin(username))
	if logic.CodeOf(err) == logic.CodeNotFound || err == nil && user.ErasedAt != nil {
		return User{}, logic.NotFound("user").At("username")
	}
	return user, err
}
