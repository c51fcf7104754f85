package graph_test

import (
	"fmt"
	"testing"

	"headwater/logic"
	"headwater/logic/account"
)

// TestOnesOwnPictureIsFoundByItsID has a reader without posts fetch their own picture again, and another one try it.
func TestOnesOwnPictureIsFoundByItsID(t *testing.T) {
	w := openWriting(t)
	user := w.mustUser(t, "rita", logic.RoleReader)
	w.mustUser(t, "rolf", logic.RoleReader)
	pond := w.mustAddImage(t, "ada", "pond.png", 90)
	if _, err := w.services.Account.UpdateUser(operator(t.Context()), user.ID, account.UserChange{AvatarID: logic.MediaChange{Given: true, Value: &pond.ID}}); err != nil {
		t.Fatal(err)
	}
	id := nodeID(pond.NodeID())
	rita, rolf := w.mustSignIn(t, "rita"), w.mustSignIn(t, "rolf")
	node := fmt.Sprintf(`{ node(id: %q) { id } }`, id)
	w.mustAnswer(t, rita, `{ user(username: "rita") { avatar { id } } }`, fmt.Sprintf(`{"user":{"avatar":{"id":%q}}}`, id))
	w.mustAnswer(t, rita, node, fmt.Sprintf(`{"node":{"id":%q}}`, id))
	w.mustAnswer(t, rolf, node, `{"node":null}`)
	w.mustAnswer(t, nil, node, `{"node":null}`)
}
