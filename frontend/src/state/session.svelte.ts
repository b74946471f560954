// Who is at the page; when the server asks for a password, the page shows nothing else.
import { ApiError, onSignedOut } from '$api/http';
import { fetchMe, login, logout } from '$api/session';
import type { Me } from '$api/types';

export class Session {
  me = $state.raw<Me | null>(null);
  error = $state.raw<ApiError | null>(null);

  constructor() {
    onSignedOut(() => {
      if (this.me) this.me = { ...this.me, authenticated: false, password_required: true };
    });
  }

  /** True once it is known that the library may be shown. */
  get open(): boolean {
    return this.me !== null && (this.me.authenticated || !this.me.password_required);
  }

  get locked(): boolean {
    return this.me !== null && !this.open;
  }

  async start(): Promise<void> {
    try {
      this.me = await fetchMe();
      this.error = null;
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error: unknown): void {
    // A server that answers 401 even here still wants nothing but the password.
    if (error instanceof ApiError && error.status === 401) {
      this.me = { id: '', name: '', authenticated: false, password_required: true };
    } else {
      this.error = error instanceof ApiError ? error : new ApiError(0, 'page', String(error));
    }
  }

  /** Throws ApiError when the password is refused. */
  async enter(password: string): Promise<void> {
    await login(password);
    await this.start();
  }

  async leave(): Promise<void> {
    await logout();
    await this.start();
  }
}

export const session = new Session();
