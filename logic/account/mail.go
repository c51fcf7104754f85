package account

import (
	"context"
	"strings"
	"time"

	"headwater/logic"
)

// How long links of mails work.
const (
	confirmFor = 24 * time.Hour
	resetFor   = time.Hour
	inviteFor  = 7 * 24 * time.Hour
)

// letter is a mail with a link, or without one where template and token are empty.
type letter struct {
	to, subject, text string
	template, token   string
}

// send hands a letter to whoever sends mail. Without anyone who does, its link goes to the log where that is for debugging.
func (s *Service) send(ctx context.Context, l letter) {
	link := strings.ReplaceAll(l.template, "{token}", l.token)
	if s.options.Mailer == nil {
		s.log.DebugContext(ctx, "no mail is sent; it would have said", "to", l.to, "subject", l.subject, "link", link)
		return
	}
	s.options.Mailer.Send(ctx, Mail{To: l.to, Subject: l.subject, Text: strings.ReplaceAll(l.text, "{link}", link)})
}

func (s *Service) confirmLetter(to, username, token string) letter {
	return letter{
		to: to, subject: "Confirm your email address", template: s.options.Links.Confirm, token: token,
		text: "Someone, you most likely, gave this email address for the account " + username + ". Open this link within a day to " +
			"confirm it:\n\n{link}\n\nIf it was not you, do nothing: without the link nothing happens.\n",
	}
}

// knownLetter tells whoever has an account already that somebody gave their email for another.
func knownLetter(to string) letter {
	return letter{
		to: to, subject: "You already have an account",
		text: "Someone, you most likely, gave this email address for an account, but you have one already. Sign in with it; if you " +
			"have forgotten the password, ask for a new one where you sign in.\n\nIf it was not you, do nothing: nothing has changed.\n",
	}
}

func (s *Service) resetLetter(to, token string) letter {
	return letter{
		to: to, subject: "Choose a new password", template: s.options.Links.Reset, token: token,
		text: "Someone, you most likely, asked for a new password for your account. Open this link within an hour to choose one:\n\n" +
			"{link}\n\nIf it was not you, do nothing: the password stays as it is.\n",
	}
}

func (s *Service) inviteLetter(to, token string) letter {
	return letter{
		to: to, subject: "You have an account", template: s.options.Links.Invite, token: token,
		text: "An account was made for you. Open this link within seven days to choose its password:\n\n{link}\n",
	}
}

// movedLetter tells the address that an account had that it has another one.
func movedLetter(to string) letter {
	return letter{
		to: to, subject: "Your email address was changed",
		text: "Your account now has another email address, and mail goes there. If you did not ask for it, tell whoever runs the site.\n",
	}
}

// newToken returns a token of user, zero for nobody, for a purpose, and what is kept of it.
func (s *Service) newToken(purpose Purpose, user logic.UserID) (string, logic.TokenHash, Token) {
	kind, lifetime := logic.TokenConfirm, confirmFor
	switch purpose {
	case PurposeReset:
		kind, lifetime = logic.TokenReset, resetFor
	case PurposeInvite:
		kind, lifetime = logic.TokenInvite, inviteFor
	}
	token, hash := logic.NewToken(kind)
	kept := Token{Purpose: purpose, ExpiresAt: s.clock().Add(lifetime)}
	if user != 0 {
		kept.UserID = &user
	}
	return token, hash, kept
}

// token returns what is kept of a token that has not had its time, or EXPIRED.
func (s *Service) token(ctx context.Context, r Reader, token string, purposes ...Purpose) (Token, error) {
	kept, err := r.Token(ctx, logic.HashToken(token))
	if err != nil && logic.CodeOf(err) != logic.CodeNotFound {
		return Token{}, err
	}
	for _, purpose := range purposes {
		if err == nil && kept.Purpose == purpose && kept.ExpiresAt > s.clock() {
			return kept, nil
		}
	}
	return Token{}, expired()
}

func expired() *logic.Error {
	return logic.Fault(logic.CodeExpired, "This link does not work, or no longer: ask for another one.").At("token")
}
