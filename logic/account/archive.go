package account

import (
	"context"

	"headwater/logic"
)

// ArchivedUser is a person as an archive has them: with nothing to sign in by.
type ArchivedUser struct {
	ID            logic.UserID
	Username      string
	Name          string
	Bio           string
	Website       *string
	CreatedAt     logic.Moment
	Email         *string
	Role          logic.Role
	DeactivatedAt *logic.Moment
	ErasedAt      *logic.Moment
	AvatarID      *logic.MediaID
}

// archivePart is how many people are read at once.
const archivePart = 500

// EachArchivedUser calls take for every person, in the order of their keys, until it fails. It is for the command line alone: FORBIDDEN
// for others.
func (s *Service) EachArchivedUser(ctx context.Context, take func(ArchivedUser) error) error {
	if err := logic.CheckOperator(ctx); err != nil {
		return err
	}
	var after logic.UserID
	for {
		users, err := s.store.ArchivedUsers(ctx, after, archivePart)
		if err != nil {
			return err
		}
		for _, user := range users {
			if err := take(user); err != nil {
				return err
			}
		}
		if len(users) < archivePart {
			return nil
		}
		after = users[len(users)-1].ID
	}
}

// RestoreUsers adds people, who can't sign in until they are given a password, or choose one by a mail. It is for the command line alone
// (FORBIDDEN for others), and for a database without people. INVALID, REQUIRED, TOO_LONG (fields as of a user); TAKEN where two have the
// same username or email.
func (s *Service) RestoreUsers(ctx context.Context, users []ArchivedUser) error {
	if err := logic.CheckOperator(ctx); err != nil {
		return err
	}
	var faults logic.Faults
	for _, user := range users {
		faults = append(faults, user.check()...)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.store.Write(ctx, func(w Writer) error { return w.InsertArchivedUsers(ctx, users) })
}

// check returns the faults of what others could come to harm by. Names are bounded as those of imports, which may be of any letters.
func (u ArchivedUser) check() logic.Faults {
	var faults logic.Faults
	faults.Add(logic.CheckLine(u.Username, 1, maxName), "username")
	faults.Add(logic.CheckText(u.Name, 1, maxName), "name")
	faults.Add(logic.CheckText(u.Bio, 0, maxBio), "bio")
	if u.Website != nil {
		faults.Add(logic.CheckAddress(*u.Website), "website")
	}
	if u.Email != nil {
		faults.Add(logic.CheckLine(*u.Email, 1, maxEmail), "email")
	}
	faults.Add(checkRole(u.Role), "role")
	return faults
}
