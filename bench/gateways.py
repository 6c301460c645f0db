class SilentGateway:
    def send(self, *, address: str, text: str) -> None:
        pass
