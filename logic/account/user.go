package account

import "headwater/logic"

// User is a person who writes, edits or reads. Email, Role and DeactivatedAt are for those whom Service says; the rest is public.
type User struct {
	ID        logic.UserID
	Username  string
	Name      string
	Bio       string
	AvatarID  *logic.MediaID
	Website   *string
	CreatedAt logic.Moment

	Email         *string
	Role          logic.Role
	DeactivatedAt *logic.Moment
	ErasedAt      *logic.Moment // an erased person is deactivated, too
	Listed        bool          // whether a published post has the person as an author
}

// NodeID returns the user's identity across all types.
func (u User) NodeID() logic.ID { return u.ID.ID() }
