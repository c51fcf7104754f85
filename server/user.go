package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"headwater/logic"
	"headwater/logic/account"
)

// UserCmd is what is done with people.
type UserCmd struct {
	Add        UserAddCmd        `cmd:"" help:"Make an account; the first admin is made here."`
	List       UserListCmd       `cmd:"" help:"Show the accounts."`
	Role       UserRoleCmd       `cmd:"" help:"Give someone another role."`
	Password   UserPasswordCmd   `cmd:"" help:"Give someone a password; it ends all their sessions."`
	Deactivate UserDeactivateCmd `cmd:"" help:"Close an account: it can't sign in, and its sessions end. What it wrote stays."`
	Reactivate UserReactivateCmd `cmd:"" help:"Open a closed account again."`
}

// userPlaces are the places of the commands for people.
var userPlaces = places{"username": "NAME", "id": "NAME", "password": "the password"}

// UserAddCmd makes an account.
type UserAddCmd struct {
	Username string  `arg:"" name:"name" help:"The name to sign in with: 2 to 40 of a-z, 0-9, dots, underscores and hyphens."`
	Email    string  `help:"The email to sign in with, and to send mail to." required:"" env:"-" placeholder:"ADDRESS"`
	Role     upper   `help:"What the person may do: READER, AUTHOR, EDITOR or ADMIN." enum:"READER,AUTHOR,EDITOR,ADMIN" default:"READER" env:"-"`
	Name     *string `help:"The name that others see; the name to sign in with where it is not given." env:"-"`
	Password bool    `help:"Ask for a password on the terminal, or take the first line of standard input. Without one the person can't sign in until a mail invites them, or user password sets one." default:"true" negatable:"" env:"-"`
}

// Run makes the account.
func (c *UserAddCmd) Run(ctx context.Context, stderr notices, settings *Settings) error {
	input := account.CreateUserInput{Username: c.Username, Email: c.Email, Name: c.Name, Role: logic.Role(c.Role)}
	return settings.run(ctx, func(house *house) error {
		if c.Password {
			password, err := newPassword(ctx, os.Stdin, stderr)
			if err != nil {
				return err
			}
			input.Password = &password
		}
		user, err := house.account.CreateUser(ctx, input)
		if err == nil {
			stderr.say("Made the account %s with the role %s.", user.Username, user.Role)
		}
		return userPlaces.explain(err)
	})
}

// UserListCmd shows the accounts.
type UserListCmd struct {
	Role *upper `help:"Only those with this role: READER, AUTHOR, EDITOR or ADMIN." env:"-" placeholder:"ROLE"`
}

// Validate refuses what is no role.
func (c *UserListCmd) Validate() error {
	if c.Role != nil && !logic.Role(*c.Role).IsRole() {
		return fmt.Errorf("--role must be one of READER, AUTHOR, EDITOR, ADMIN, not %q", *c.Role)
	}
	return nil
}

// Run prints the accounts.
func (c *UserListCmd) Run(ctx context.Context, stdout io.Writer, settings *Settings) error {
	return settings.run(ctx, func(house *house) error {
		table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "NAME\tROLE\tEMAIL\tSTATE\tSINCE\tCALLED")
		err := eachUser(ctx, house.account, (*logic.Role)(c.Role), func(user account.User) {
			email := stroke
			if user.Email != nil {
				email = *user.Email
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n",
				user.Username, user.Role, email, stateOf(user), date(user.CreatedAt), printable(user.Name))
		})
		if err != nil {
			return err
		}
		return table.Flush()
	})
}

// eachUser hands out every account, by name.
func eachUser(ctx context.Context, accounts *account.Service, role *logic.Role, take func(account.User)) error {
	size := logic.MaxPageSize
	window, err := accounts.Window(logic.PageArgs{First: &size})
	for err == nil {
		var page logic.Page[account.User]
		if page, err = accounts.Users(ctx, &account.UserFilter{Role: role}, window); err != nil {
			break
		}
		for _, user := range page.Items {
			take(user)
		}
		if !page.More {
			return nil
		}
		after := page.Items[len(page.Items)-1].Cursor()
		window.After = &after
	}
	return err
}

func stateOf(user account.User) string {
	switch {
	case user.ErasedAt != nil:
		return "erased"
	case user.DeactivatedAt != nil:
		return "deactivated"
	}
	return "active"
}

// userArg names the account that a command is about.
type userArg struct {
	Username string `arg:"" name:"name" help:"The name that the person signs in with."`
}

// change finds the account, has it changed, and says how it then is.
func (a userArg) change(ctx context.Context, settings *Settings, stderr notices, change func(*account.Service, logic.UserID) (account.User, error)) error {
	return settings.run(ctx, func(house *house) error {
		user, err := house.account.User(ctx, a.Username)
		if err == nil {
			user, err = change(house.account, user.ID)
		}
		if err == nil {
			stderr.say("%s has the role %s and is %s.", user.Username, user.Role, stateOf(user))
		}
		return userPlaces.explain(err)
	})
}

// UserRoleCmd gives someone another role.
type UserRoleCmd struct {
	userArg
	Role upper `arg:"" help:"READER, AUTHOR, EDITOR or ADMIN." enum:"READER,AUTHOR,EDITOR,ADMIN"`
}

// Run changes the role.
func (c *UserRoleCmd) Run(ctx context.Context, stderr notices, settings *Settings) error {
	return c.change(ctx, settings, stderr, func(accounts *account.Service, id logic.UserID) (account.User, error) {
		return accounts.SetUserRole(ctx, id, logic.Role(c.Role))
	})
}

// UserPasswordCmd gives someone a password.
type UserPasswordCmd struct{ userArg }

// Run sets the password.
func (c *UserPasswordCmd) Run(ctx context.Context, stderr notices, settings *Settings) error {
	return settings.run(ctx, func(house *house) error {
		password, err := newPassword(ctx, os.Stdin, stderr)
		if err != nil {
			return err
		}
		user, err := house.account.SetPassword(ctx, c.Username, password)
		if err == nil {
			stderr.say("%s has the new password; all sessions ended.", user.Username)
		}
		return userPlaces.explain(err)
	})
}

// UserDeactivateCmd closes an account.
type UserDeactivateCmd struct{ userArg }

// Run closes the account.
func (c *UserDeactivateCmd) Run(ctx context.Context, stderr notices, settings *Settings) error {
	return c.change(ctx, settings, stderr, func(accounts *account.Service, id logic.UserID) (account.User, error) {
		return accounts.DeactivateUser(ctx, id)
	})
}

// UserReactivateCmd opens a closed account again.
type UserReactivateCmd struct{ userArg }

// Run opens the account.
func (c *UserReactivateCmd) Run(ctx context.Context, stderr notices, settings *Settings) error {
	return c.change(ctx, settings, stderr, func(accounts *account.Service, id logic.UserID) (account.User, error) {
		return accounts.ReactivateUser(ctx, id)
	})
}
