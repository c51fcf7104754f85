package account

import (
	"context"
	"strconv"

	"headwater/logic"
)

// erasedName is what posts show of an author who was erased.
const erasedName = "Former author"

// CreateUser makes a user, who can't sign in without a password until one is chosen by InviteUser's token. It needs USERS_WRITE, fresh,
// and every scope of the role, else FORBIDDEN or UNAUTHENTICATED. REQUIRED, INVALID, TOO_LONG, TAKEN, WEAK_PASSWORD (fields
// username, email, name, role, password); OVERLOADED.
func (s *Service) CreateUser(ctx context.Context, in CreateUserInput) (User, error) {
	viewer, err := s.check(ctx, changeUsers)
	if err != nil {
		return User{}, err
	}
	email := normalLogin(in.Email)
	user := newUser(in.Username, in.Name, in.Role)
	user.ID, user.Email, user.CreatedAt = logic.UserID(s.keys.Next()), &email, s.clock()
	faults, err := checkUser(ctx, s.store, user)
	if err != nil {
		return User{}, err
	}
	faults.Add(checkRole(in.Role), "role")
	if in.Password != nil {
		faults.Add(checkPassword(*in.Password, user), "password")
	}
	if err := faults.Err(); err != nil {
		return User{}, err
	}
	if err := checkHold(viewer, in.Role); err != nil {
		return User{}, err
	}
	var hash string
	if in.Password != nil {
		if hash, err = s.hasher.hash(ctx, *in.Password); err != nil {
			return User{}, err
		}
	}
	return user, s.store.Write(ctx, func(w Writer) error {
		faults, err := checkUser(ctx, w, user)
		if err != nil {
			return err
		}
		if err := faults.Err(); err != nil {
			return err
		}
		return w.InsertUser(ctx, user, hash)
	})
}

// checkUser returns the faults of all that a user is, but the role and the password.
func checkUser(ctx context.Context, r Reader, user User) (logic.Faults, error) {
	faults, err := checkLogins(ctx, r, User{}, user)
	return append(faults, checkProfile(user)...), err
}

func checkRole(role logic.Role) *logic.Error {
	if !role.IsRole() {
		return logic.Invalid("%q is no role", role)
	}
	return nil
}

// InviteUser sends the user a mail with a token by which they choose a password. It needs USERS_WRITE, fresh, and every scope of the
// user's role, else FORBIDDEN or UNAUTHENTICATED. NOT_FOUND; INVALID for one who is deactivated or has no email (field id).
func (s *Service) InviteUser(ctx context.Context, id logic.UserID) (User, error) {
	var mail letter
	user, err := s.changeUser(ctx, id, func(w Writer, user *User) error {
		if user.DeactivatedAt != nil {
			return logic.Invalid("The user is deactivated.").At("id")
		}
		if user.Email == nil {
			return logic.Invalid("The user has no email.").At("id")
		}
		token, hash, kept := s.newToken(PurposeInvite, user.ID)
		mail = s.inviteLetter(*user.Email, token)
		return w.InsertToken(ctx, hash, kept)
	})
	if err == nil {
		s.send(ctx, mail)
	}
	return user, err
}

// UpdateUser changes what is said of a user. It needs USERS_WRITE, fresh, and every scope of the user's role, else FORBIDDEN or
// UNAUTHENTICATED. NOT_FOUND (field id); REQUIRED, INVALID, TOO_LONG, TAKEN (fields username, name, bio, website, email); as
// UpdateProfile, NOT_FOUND (field avatarId).
func (s *Service) UpdateUser(ctx context.Context, id logic.UserID, change UserChange) (User, error) {
	return s.changeUser(ctx, id, func(w Writer, user *User) error {
		before := *user
		user.apply(change.Name, change.Bio, change.Website, change.AvatarID)
		if change.Username != nil {
			user.Username = normalLogin(*change.Username)
		}
		if change.Email != nil {
			user.Email = new(normalLogin(*change.Email))
		}
		faults, err := checkAvatar(ctx, w, before, *user)
		if err != nil {
			return err
		}
		faults = append(checkProfile(*user), faults...)
		if user.Username != before.Username || change.Email != nil {
			found, err := checkLogins(ctx, w, before, *user)
			if err != nil {
				return err
			}
			faults = append(found, faults...)
		}
		if err := faults.Err(); err != nil {
			return err
		}
		if change.Email == nil || before.hasEmail(*user.Email) {
			return nil
		}
		return w.DeleteTokensOf(ctx, user.ID) // they went elsewhere
	})
}

// SetUserRole gives a user another role, from the next request on. No session that ended comes alive by it. It needs USERS_WRITE, fresh, and every scope of both roles, else
// FORBIDDEN or UNAUTHENTICATED. NOT_FOUND (field id); INVALID for the last active ADMIN (field id) and for what is no role (field role).
func (s *Service) SetUserRole(ctx context.Context, id logic.UserID, role logic.Role) (User, error) {
	if fault := checkRole(role); fault != nil {
		return User{}, fault.At("role")
	}
	return s.changeUser(ctx, id, func(w Writer, user *User) error {
		if err := checkHold(logic.ViewerFrom(ctx), role); err != nil {
			return err
		}
		if err := s.endSessions(ctx, w, *user); err != nil {
			return err
		}
		user.Role = role
		return nil
	})
}

// DeactivateUser ends all sessions of a user, who can't sign in from now on. It needs USERS_WRITE, fresh, and every scope of the user's
// role, else FORBIDDEN or UNAUTHENTICATED. NOT_FOUND; INVALID for the last active ADMIN (field id).
func (s *Service) DeactivateUser(ctx context.Context, id logic.UserID) (User, error) {
	now := s.clock()
	return s.changeUser(ctx, id, func(w Writer, user *User) error {
		if user.DeactivatedAt == nil {
			user.DeactivatedAt = &now
		}
		return shutOut(ctx, w, user.ID, 0)
	})
}

// ReactivateUser lets a user sign in again. It needs USERS_WRITE, fresh, and every scope of the user's role, else FORBIDDEN or
// UNAUTHENTICATED. NOT_FOUND; INVALID for one who was erased (field id).
func (s *Service) ReactivateUser(ctx context.Context, id logic.UserID) (User, error) {
	return s.changeUser(ctx, id, func(_ Writer, user *User) error {
		user.DeactivatedAt = nil
		return nil
	})
}

// EraseUser takes away all that is known of a person but that there was one: posts stay, under an author without a name. It needs
// USERS_WRITE, fresh, and every scope of the user's role, else FORBIDDEN or UNAUTHENTICATED. NOT_FOUND; INVALID for the last active
// ADMIN and for one who was erased before (field id).
func (s *Service) EraseUser(ctx context.Context, id logic.UserID) (logic.UserID, error) {
	now := s.clock()
	_, err := s.changeUser(ctx, id, func(w Writer, user *User) error {
		if user.Email != nil {
			if err := w.DeleteTokensTo(ctx, *user.Email); err != nil {
				return err
			}
		}
		if user.AvatarID != nil {
			if err := w.DropAvatar(ctx, *user.AvatarID, user.ID); err != nil {
				return err
			}
		}
		*user = User{
			ID: user.ID, Username: erasedPrefix + strconv.FormatInt(int64(user.ID), 36), Name: erasedName, CreatedAt: user.CreatedAt,
			Role: logic.RoleReader, DeactivatedAt: &now, ErasedAt: &now, Listed: user.Listed,
		}
		if err := w.ForgetNetworks(ctx, user.ID); err != nil {
			return err
		}
		return replacePassword(ctx, w, user.ID, "", 0)
	})
	if err != nil {
		return 0, err
	}
	if err := s.store.Erase(ctx); err != nil {
		s.log.WarnContext(ctx, "the erased can still be read from the disk for a while", "error", err)
	}
	return id, nil
}

// changeUser changes the user with a key by change, whose errors undo all of it. It holds to what is the same for every change of
// somebody: who may, and that someone remains who administers.
func (s *Service) changeUser(ctx context.Context, id logic.UserID, change func(Writer, *User) error) (User, error) {
	viewer, err := s.check(ctx, changeUsers)
	if err != nil {
		return User{}, err
	}
	var user User
	err = s.store.Write(ctx, func(w Writer) error {
		before, err := w.CredentialByID(ctx, id)
		if logic.CodeOf(err) == logic.CodeNotFound {
			return logic.NotFound("user").At("id")
		}
		if err != nil {
			return err
		}
		if before.ErasedAt != nil {
			return logic.Invalid("The user was erased.").At("id")
		}
		if err := checkHold(viewer, before.Role); err != nil {
			return err
		}
		user = before.User
		if err := change(w, &user); err != nil {
			return err
		}
		if before.canSignIn() && isActiveAdmin(before.User) && !isActiveAdmin(user) {
			if err := checkAdminRemains(ctx, w, id); err != nil {
				return err
			}
		}
		return s.keep(ctx, w, before.User, user)
	})
	if err != nil {
		return User{}, err
	}
	s.follow(ctx, user)
	return user, nil
}

// keep writes a user, and says that readers see another site where the name is another under which posts stand that they see.
func (s *Service) keep(ctx context.Context, w Writer, before, user User) error {
	if err := w.UpdateUser(ctx, user); err != nil || user.Name == before.Name || !user.Listed {
		return err
	}
	return w.TouchContent(ctx, s.clock())
}

func isActiveAdmin(user User) bool { return user.Role == logic.RoleAdmin && user.DeactivatedAt == nil }

// checkAdminRemains returns INVALID where nobody but the given person could administer.
func checkAdminRemains(ctx context.Context, w Writer, but logic.UserID) error {
	others, err := w.OtherAdmins(ctx, but)
	if err == nil && others == 0 {
		return logic.Invalid("This is the last ADMIN who can sign in: make another one first.").At("id")
	}
	return err
}

// follow holds the rest of the request to what was changed of the person whom it is answered for.
func (s *Service) follow(ctx context.Context, user User) {
	viewer := logic.ViewerFrom(ctx)
	switch {
	case !isSelf(viewer, user):
	case user.DeactivatedAt != nil:
		leave(ctx)
	default:
		viewer.Role = user.Role
		logic.Become(ctx, viewer)
	}
}
