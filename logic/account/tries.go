package account

import (
	"context"
	"math"
	"strconv"
	"time"

	"headwater/logic"
)

const (
	// networksKept is how long after signing in there a login is known in a place, maxNetworks in how many.
	networksKept = 90 * 24 * time.Hour
	maxNetworks  = 20
)

// signInTries returns what a try to sign in is counted of, and the place that it is made from. Where the login is known it is bounded
// there alone, so that nobody shuts it out from elsewhere, nor with other logins. The same goes for username and email each: one count
// for both would tell whose email it is.
func (s *Service) signInTries(ctx context.Context, login string, user logic.UserID) ([]share, string, error) {
	secret, err := s.secret(ctx)
	if err != nil {
		return nil, "", err
	}
	viewer, tries := logic.ViewerFrom(ctx), s.options.Tries
	place := placeOf(viewer, secret)
	known, err := s.store.KnowsNetwork(ctx, user, place)
	if err != nil || known {
		return []share{{own: subject{keyed(secret, "known", login, place), tries.Pair}}}, place, err
	}
	shares := []share{{
		own:   subject{keyed(secret, "pair", login, place), tries.Pair},
		total: subject{keyed(secret, "login", login), tries.Account},
	}}
	if !viewer.Secret {
		shares = append(shares, share{
			own:   subject{keyed(secret, "part", login, place), math.MaxInt},
			total: subject{keyed(secret, "network", place), tries.Address},
			burst: true,
		})
	}
	return shares, place, nil
}

// proofTries returns what a try of a session to prove its person is counted of: of nothing that anyone else can try.
func (s *Service) proofTries(ctx context.Context) (share, error) {
	secret, err := s.secret(ctx)
	session := strconv.FormatInt(int64(logic.ViewerFrom(ctx).Session), 10)
	return share{own: subject{keyed(secret, "session", session), s.options.Tries.Pair}}, err
}

// countAsker counts that somebody makes the server send mail to whomever they name, or tell whether a username is taken: of the person,
// or of the network where nobody is signed in. A server with a key asks for many. RATE_LIMITED.
func (s *Service) countAsker(ctx context.Context) error {
	viewer := logic.ViewerFrom(ctx)
	if viewer.Secret {
		return nil
	}
	secret, err := s.secret(ctx)
	if err != nil {
		return err
	}
	asker := placeOf(viewer, secret)
	if viewer.User != 0 {
		asker = strconv.FormatInt(int64(viewer.User), 10)
	}
	_, err = s.try(ctx, share{own: subject{keyed(secret, "asker", asker), s.options.Tries.Address}})
	return err
}

// countMail counts that a mail goes to an email because of somebody who may not be whose it is. RATE_LIMITED.
func (s *Service) countMail(ctx context.Context, email string) error {
	secret, err := s.secret(ctx)
	if err != nil {
		return err
	}
	_, err = s.try(ctx, share{own: subject{keyed(secret, "mail", email), s.options.Tries.Pair}})
	return err
}
