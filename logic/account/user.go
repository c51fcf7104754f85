package account

import "headwater/logic"

// User is a person who writes, edits or reads. What stands here is public.
type User struct {
	ID        logic.UserID
	Username  string
	Name      string
	Bio       string
	Website   *string
	CreatedAt logic.Moment
}

// NodeID returns the user's identity across all types.
func (u User) NodeID() logic.ID { return u.ID.ID() }
