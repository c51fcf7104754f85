package account

import (
	"context"

	"headwater/logic"
)

// stillThere returns the viewer as they are now, whose password was proved before the write began. UNAUTHENTICATED where the password,
// the session or the person has gone meanwhile: whoever was shut out must not undo it.
func stillThere(ctx context.Context, w Writer, proved Credential) (User, error) {
	now, err := w.CredentialByID(ctx, proved.ID)
	if err != nil {
		return User{}, err
	}
	session := logic.ViewerFrom(ctx).Session
	sessions, err := w.SessionsByID(ctx, []logic.SessionID{session})
	if err != nil {
		return User{}, err
	}
	if sessions[session].UserID != now.ID || !now.canSignIn() || now.Password != proved.Password {
		return User{}, logic.Fault(logic.CodeUnauthenticated, "The password was changed or the session ended meanwhile: sign in again.")
	}
	return now.User, nil
}
