package account

import (
	"context"
	"strings"

	"headwater/logic"
)

// apply changes what an input says of a person's name, bio, website and picture.
func (u *User) apply(name *string, bio, website logic.TextChange, avatar logic.MediaChange) {
	if name != nil {
		u.Name = strings.TrimSpace(*name)
	}
	if bio.Given {
		u.Bio = ""
		if bio.Value != nil {
			u.Bio = strings.TrimSpace(*bio.Value)
		}
	}
	website.Apply(&u.Website)
	avatar.Apply(&u.AvatarID)
}

// hasEmail tells whether the email is the person's.
func (u User) hasEmail(email string) bool { return u.Email != nil && *u.Email == email }

// UpdateProfile changes what the viewer says of themselves, and returns them as they then are. A new email needs the password, and
// counts once it was confirmed by the token of a mail that is sent to it; where no mail is sent it counts at once. Whoever is signed
// in may. REQUIRED, INVALID, TOO_LONG (fields name, bio, website, email, password); NOT_FOUND (field avatarId) for what is no image, or for
// those without POSTS_WRITE; WRONG_CREDENTIALS (field password); TAKEN (field email) where no mail is sent; RATE_LIMITED, OVERLOADED; UNAUTHENTICATED where the viewer was shut out meanwhile.
func (s *Service) UpdateProfile(ctx context.Context, change ProfileChange) (User, error) {
	viewer, err := s.check(ctx, changeSelf)
	if err != nil {
		return User{}, err
	}
	credential, err := s.store.CredentialByID(ctx, viewer.User)
	if err != nil {
		return User{}, err
	}
	changed := credential.User
	changed.apply(change.Name, change.Bio, change.Website, change.AvatarID)
	faults, err := checkAvatar(ctx, s.store, credential.User, changed)
	if err != nil {
		return User{}, err
	}
	faults = append(checkProfile(changed), faults...)
	var email string // the new one
	if change.Email != nil && !changed.hasEmail(normalLogin(*change.Email)) {
		email = normalLogin(*change.Email)
		found, err := s.checkNewEmail(ctx, credential, email, change.Password)
		if err != nil {
			return User{}, err
		}
		faults = append(faults, found...)
	}
	if err := faults.Err(); err != nil {
		return User{}, err
	}
	var user User
	var mail letter
	err = s.store.Write(ctx, func(w Writer) error {
		if user, err = stillThere(ctx, w, credential); err != nil {
			return err
		}
		before := user
		user.apply(change.Name, change.Bio, change.Website, change.AvatarID)
		faults, err := checkAvatar(ctx, w, before, user)
		if err != nil {
			return err
		}
		if err := faults.Err(); err != nil {
			return err
		}
		if email != "" {
			if mail, err = s.takeEmail(ctx, w, &user, email); err != nil {
				return err
			}
		}
		return s.keep(ctx, w, before, user)
	})
	if err != nil {
		return User{}, err
	}
	if mail.to != "" {
		s.send(ctx, mail)
	}
	return user, nil
}

// checkNewEmail returns the faults of a new email and of the password that it needs.
func (s *Service) checkNewEmail(ctx context.Context, credential Credential, email string, password *string) (logic.Faults, error) {
	var faults logic.Faults
	faults.Add(checkEmail(email), "email")
	if password == nil || *password == "" {
		faults.Add(logic.Fault(logic.CodeRequired, "a new email needs the password"), "password")
		return faults, nil
	}
	wrong, err := s.prove(ctx, credential, *password)
	faults.Add(wrong, "password")
	if err != nil || len(faults) > 0 || s.options.Mailer == nil {
		return faults, err
	}
	if err := s.countAsker(ctx); err != nil {
		return nil, err
	}
	return nil, s.countMail(ctx, email)
}

// takeEmail gives user a new email where no mail is sent. Where mail is sent it keeps a token instead, and returns the letter to send:
// to somebody else who has the email, one that says so.
func (s *Service) takeEmail(ctx context.Context, w Writer, user *User, email string) (letter, error) {
	taken, err := w.LoginsTaken(ctx, user.Username, email, user.ID)
	if err != nil {
		return letter{}, err
	}
	if s.options.Mailer == nil {
		if taken.Email {
			return letter{}, someoneElse().At("email")
		}
		user.Email = &email
		return letter{}, w.DeleteTokensOf(ctx, user.ID) // they went elsewhere
	}
	token, hash, kept := s.newToken(PurposeEmail, user.ID)
	kept.Email = email
	mail := s.confirmLetter(email, user.Username, token)
	if taken.Email {
		mail = knownLetter(email) // nobody ever learns the token, as with a sign-up
	}
	return mail, w.InsertToken(ctx, hash, kept)
}
