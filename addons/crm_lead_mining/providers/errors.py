"""One exception per cause of failure; they carry data, the models word the sentence."""


class ProviderError(Exception):
    """Base of everything that can go wrong with a provider.

    :ivar provider: code of the provider, empty until known.
    :ivar retryable: whether the same question may be answered later.
    """

    retryable = False

    def __init__(self, message: str = "", *, provider: str = ""):
        super().__init__(message or self.__class__.__doc__)
        self.provider = provider


class ProviderTimeout(ProviderError):
    """The provider did not answer in time."""

    retryable = True


class ProviderUnavailable(ProviderError):
    """The provider cannot be reached or answers with a server error.

    :ivar status: HTTP status, None when there was no answer.
    :ivar unreached: the connection never stood, so the provider has not worked on the question.
    """

    retryable = True

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        unreached: bool = False,
        provider: str = "",
    ):
        super().__init__(message, provider=provider)
        self.status = status
        self.unreached = unreached


class ProviderAnswerInvalid(ProviderError):
    """The provider's answer cannot be understood."""

    def __init__(self, detail: str = "", *, provider: str = ""):
        super().__init__(detail, provider=provider)
        self.detail = detail


class ProviderAnswerTooLarge(ProviderError):
    """The provider's answer is larger than allowed."""

    def __init__(self, limit: int, *, provider: str = ""):
        super().__init__(f"The answer is larger than {limit} bytes.", provider=provider)
        self.limit = limit


class ProviderRequestInvalid(ProviderError):
    """The provider does not accept the question (HTTP 4xx other than those below)."""

    def __init__(self, message: str = "", *, status: int, provider: str = ""):
        super().__init__(message, provider=provider)
        self.status = status


class ProviderRefused(ProviderError):
    """The provider refuses the credentials (HTTP 401 or 403)."""

    def __init__(self, message: str = "", *, status: int, provider: str = ""):
        super().__init__(message, provider=provider)
        self.status = status


class NeedsBrowser(ProviderError):
    """The company's website is built by scripts: there is nothing to read without a browser."""


class ProviderNotSetUp(ProviderError):
    """The provider needs a key, and has none."""


class NetworkClosed(ProviderError):
    """Nobody outside is asked from a neutralized copy of a database."""


class ProviderQuotaExceeded(ProviderError):
    """What was bought or granted at the provider is used up (HTTP 402)."""


class ProviderRateLimited(ProviderError):
    """The provider asks to come back later (HTTP 429).

    :ivar retry_after: seconds to wait, None when the provider did not say.
    :ivar remembered: whether all who ask this provider know of the wait, so that who comes back
        after it finds the provider ready.
    """

    retryable = True

    def __init__(
        self,
        message: str = "",
        *,
        retry_after: float | None = None,
        remembered: bool = False,
        provider: str = "",
    ):
        super().__init__(message, provider=provider)
        self.retry_after = retry_after
        self.remembered = remembered
