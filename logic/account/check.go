package account

import (
	"context"
	"net/mail"
	"regexp"
	"strings"

	"headwater/logic"
)

// Longest texts of a person, in characters.
const (
	maxName   = 200
	maxBio    = 2000
	maxEmail  = 254
	maxLogin  = 254
	maxDevice = 200
)

var usernameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,39}$`)

// erasedPrefix begins the usernames of the erased. Nobody can choose one that does; an import may make one.
const erasedPrefix = "erased-"

// normalLogin returns a username, an email or either as it is stored and looked for.
func normalLogin(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

func checkUsername(username string) *logic.Error {
	switch {
	case username == "":
		return logic.Fault(logic.CodeRequired, "must not be empty")
	case !usernameForm.MatchString(username):
		return logic.Invalid("must be 2 to 40 of a to z, 0 to 9, dot, underscore and hyphen, with a letter or a digit first")
	case strings.HasPrefix(username, erasedPrefix):
		return someoneElse()
	}
	return nil
}

func checkEmail(email string) *logic.Error {
	if fault := logic.CheckLine(email, 1, maxEmail); fault != nil {
		return fault
	}
	if parsed, err := mail.ParseAddress(email); err != nil || parsed.Address != email || strings.ContainsAny(email, "\" ") {
		return logic.Invalid("must be an email address, as name@example.org")
	}
	return nil
}

// checkLogins returns the faults of a person's names to sign in with, those of others among them. What stays as it was before, for
// whom there was before, may be what nobody could choose: an import makes usernames of any letters.
func checkLogins(ctx context.Context, r Reader, before, user User) (logic.Faults, error) {
	var email string
	if user.Email != nil {
		email = *user.Email
	}
	taken, err := r.LoginsTaken(ctx, user.Username, email, user.ID)
	var faults logic.Faults
	if before.ID == 0 || user.Username != before.Username {
		faults.Add(checkUsername(user.Username), "username")
	}
	if taken.Username {
		faults.Add(someoneElse(), "username")
	}
	if user.Email != nil && !before.hasEmail(email) {
		faults.Add(checkEmail(email), "email")
	}
	if taken.Email {
		faults.Add(someoneElse(), "email")
	}
	return faults, err
}

// checkProfile returns the faults of what a person says of themselves.
func checkProfile(user User) logic.Faults {
	var faults logic.Faults
	faults.Add(logic.CheckLine(user.Name, 1, maxName), "name")
	faults.Add(logic.CheckText(user.Bio, 0, maxBio), "bio")
	if user.Website != nil {
		faults.Add(logic.CheckAddress(*user.Website), "website")
	}
	return faults
}

// checkAvatar returns the fault of a picture that a person did not have before: it has to be an image that was uploaded, and none is there for
// those without POSTS_WRITE, who do not know what was.
func checkAvatar(ctx context.Context, r Reader, before, user User) (logic.Faults, error) {
	avatar := user.AvatarID
	if avatar == nil || before.AvatarID != nil && *avatar == *before.AvatarID {
		return nil, nil
	}
	if logic.ViewerFrom(ctx).May(logic.ScopePostsWrite) {
		if known, err := r.IsImage(ctx, *avatar); known || err != nil {
			return nil, err
		}
	}
	return logic.Faults{logic.NotFound("image").At("avatarId")}, nil
}

func someoneElse() *logic.Error { return logic.Fault(logic.CodeTaken, "Someone else has it.") }
