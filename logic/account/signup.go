package account

import (
	"context"
	"strings"

	"headwater/logic"
)

// SignUp sends a mail with a token by which ConfirmEmail makes an account; to an email that has one, a mail that says so. It takes the
// same time and answers the same for both. Everyone may where the settings let strangers sign up and mail is sent, else FORBIDDEN.
// REQUIRED, INVALID, TOO_LONG, TAKEN (username), WEAK_PASSWORD (fields username, email, password, name); RATE_LIMITED, OVERLOADED.
func (s *Service) SignUp(ctx context.Context, in SignUpInput) error {
	if _, err := s.check(ctx, signUp); err != nil {
		return err
	}
	if !s.options.SignUp || s.options.Mailer == nil {
		return logic.Fault(logic.CodeForbidden, "This site takes no sign-ups.")
	}
	email := normalLogin(in.Email)
	user := newUser(in.Username, in.Name, logic.RoleReader)
	faults := checkProfile(user)
	faults.Add(checkUsername(user.Username), "username")
	faults.Add(checkEmail(email), "email")
	user.Email = &email
	faults.Add(checkPassword(in.Password, user), "password")
	if err := s.countAsker(ctx); err != nil { // whoever asks often might look for usernames
		return err
	}
	taken, err := s.store.LoginsTaken(ctx, user.Username, email, 0)
	if err != nil {
		return err
	}
	if taken.Username {
		faults.Add(someoneElse(), "username")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	if err := s.countMail(ctx, email); err != nil {
		return err
	}
	token, hash, kept := s.newToken(PurposeSignUp, 0)
	kept.Email, kept.Username, kept.Name = email, user.Username, user.Name
	if kept.Password, err = s.hasher.hash(ctx, in.Password); err != nil {
		return err
	}
	// Where the email is taken nobody ever learns the token, and it has its time.
	if err := s.store.Write(ctx, func(w Writer) error { return w.InsertToken(ctx, hash, kept) }); err != nil {
		return err
	}
	if taken.Email {
		s.send(ctx, knownLetter(email))
	} else {
		s.send(ctx, s.confirmLetter(email, user.Username, token))
	}
	return nil
}

// newUser returns a user as an input states one, without a key and an email.
func newUser(username string, name *string, role logic.Role) User {
	user := User{Username: normalLogin(username), Role: role}
	user.Name = user.Username
	if name != nil {
		user.Name = strings.TrimSpace(*name)
	}
	return user
}

// ConfirmEmail does what the token of a mail was for: it makes the account that somebody signed up for and begins a session, or gives a
// person the new email. That begins none, as whoever opens a mail that went astray must not be let into an account that they don't know:
// the Grant is zero. Everyone may. EXPIRED, TAKEN (field token).
func (s *Service) ConfirmEmail(ctx context.Context, token string) (Grant, error) {
	viewer, err := s.check(ctx, signIn)
	if err != nil {
		return Grant{}, err
	}
	var grant Grant
	var moved *string
	err = s.store.Write(ctx, func(w Writer) error {
		kept, err := s.token(ctx, w, token, PurposeSignUp, PurposeEmail)
		if err != nil {
			return err
		}
		if err := w.DeleteToken(ctx, logic.HashToken(token)); err != nil {
			return err
		}
		if kept.UserID != nil {
			moved, err = moveEmail(ctx, w, kept)
			return err
		}
		user, err := s.insertSignedUp(ctx, w, kept)
		if err != nil {
			return err
		}
		grant, err = s.begin(ctx, w, user, deviceOf(nil, viewer), 0)
		return err
	})
	if err != nil {
		return Grant{}, err
	}
	if moved != nil {
		s.send(ctx, movedLetter(*moved))
	}
	if grant.Token != "" {
		enter(ctx, grant)
	}
	return grant, nil
}

// insertSignedUp makes the account that a sign-up's token holds.
func (s *Service) insertSignedUp(ctx context.Context, w Writer, kept Token) (User, error) {
	user := newUser(kept.Username, &kept.Name, logic.RoleReader)
	user.ID, user.Email, user.CreatedAt = logic.UserID(s.keys.Next()), &kept.Email, s.clock()
	if err := checkStillFree(ctx, w, user); err != nil {
		return User{}, err
	}
	return user, w.InsertUser(ctx, user, kept.Password)
}

// moveEmail gives a person the email that a token was sent to, and returns the one that they had before.
func moveEmail(ctx context.Context, w Writer, kept Token) (before *string, err error) {
	credential, err := w.CredentialByID(ctx, *kept.UserID)
	if err != nil {
		return nil, err
	}
	if !credential.canSignIn() {
		return nil, expired()
	}
	user := credential.User
	user.Email = &kept.Email
	if err := checkStillFree(ctx, w, user); err != nil {
		return nil, err
	}
	if err := w.UpdateUser(ctx, user); err != nil {
		return nil, err
	}
	return credential.Email, w.DeleteTokensOf(ctx, user.ID) // they went elsewhere
}

// checkStillFree returns TAKEN where somebody took the username or the email while a mail was under way.
func checkStillFree(ctx context.Context, w Writer, user User) error {
	taken, err := w.LoginsTaken(ctx, user.Username, *user.Email, user.ID)
	if err == nil && (taken.Username || taken.Email) {
		return logic.Fault(logic.CodeTaken, "Someone else has taken the username or the email meanwhile.").At("token")
	}
	return err
}
