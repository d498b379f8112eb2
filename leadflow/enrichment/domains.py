"""Lists: free mail providers, role addresses, and whose mail servers are whose."""

from typing import Final

# The names under .example are the free providers of made-up leads.
FREE: Final = frozenset(
    """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com passport.com outlook.de outlook.fr outlook.es
    outlook.it outlook.jp outlook.com.br hotmail.co.uk hotmail.de hotmail.fr hotmail.es hotmail.it hotmail.com.br
    live.de live.fr live.nl live.co.uk live.it live.com.au yahoo.com yahoo.de yahoo.fr yahoo.es yahoo.it yahoo.in
    yahoo.co.uk yahoo.co.in yahoo.co.jp yahoo.co.id yahoo.com.br yahoo.com.mx yahoo.com.ar yahoo.com.au yahoo.ca
    ymail.com rocketmail.com myyahoo.com aol.com aol.de aol.co.uk aim.com icloud.com me.com mac.com proton.me
    protonmail.com protonmail.ch pm.me tuta.com tutanota.com tutanota.de tutamail.com keemail.me fastmail.com
    fastmail.fm hey.com zoho.com zohomail.com zohomail.eu mail.com email.com usa.com consultant.com gmx.com gmx.de
    gmx.net gmx.at gmx.ch gmx.fr web.de t-online.de freenet.de arcor.de posteo.de posteo.net mailbox.org online.de
    orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr libero.it virgilio.it tiscali.it alice.it tin.it
    ziggo.nl kpnmail.nl xs4all.nl planet.nl hetnet.nl telenet.be skynet.be bluewin.ch hispeed.ch chello.at a1.net
    btinternet.com btopenworld.com sky.com virginmedia.com ntlworld.com talktalk.net blueyonder.co.uk comcast.net
    verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net juno.com netzero.net optonline.net
    shaw.ca rogers.com sympatico.ca telus.net bigpond.com bigpond.net.au optusnet.com.au xtra.co.nz mail.ru bk.ru
    inbox.ru list.ru yandex.ru yandex.com ya.ru rambler.ru ukr.net i.ua wp.pl o2.pl onet.pl interia.pl op.pl seznam.cz
    email.cz centrum.cz volny.cz abv.bg mail.bg freemail.hu citromail.hu qq.com 163.com 126.com sina.com sina.cn
    foxmail.com aliyun.com 139.com naver.com daum.net hanmail.net nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp
    rediffmail.com uol.com.br bol.com.br terra.com.br ig.com.br globo.com zipmail.com.br hushmail.com runbox.com
    freemail.example inbox.example post.example
    """.split()  # noqa: SIM905 - easier to read and to keep than a list of quoted names
)

ROLES: Final = frozenset(
    """
    abuse accounting accounts admin administration administrator billing booking bookings career careers compliance
    contact contactus customercare customerservice enquiries enquiry feedback finance hello help helpdesk hi
    hostmaster hr info information inquiries inquiry invoice invoices it jobs kontakt legal mail mailer-daemon marketing
    media news newsletter no-reply noc noreply office operations orders partners postmaster pr press privacy
    procurement purchasing reception recruiting sales secretary security service shop social spam store support team
    tech verkauf vertrieb webmaster welcome
    """.split()  # noqa: SIM905 - easier to read and to keep than a list of quoted names
)

# Endings of the names of mail exchangers, as the providers document them.
MAIL_PROVIDERS: Final = (
    ("google.com", "Google Workspace"),
    ("googlemail.com", "Google Workspace"),
    ("mail.protection.outlook.com", "Microsoft 365"),
    ("mx.microsoft", "Microsoft 365"),
    ("outlook.com", "Microsoft 365"),
    ("zoho.com", "Zoho"),
    ("zoho.eu", "Zoho"),
    ("zoho.in", "Zoho"),
    ("pphosted.com", "Proofpoint"),
    ("ppe-hosted.com", "Proofpoint"),
    ("mimecast.com", "Mimecast"),
    ("barracudanetworks.com", "Barracuda"),
    ("messagelabs.com", "Symantec"),
    ("iphmx.com", "Cisco"),
    ("hornetsecurity.com", "Hornetsecurity"),
    ("antispameurope.com", "Hornetsecurity"),
    ("mailgun.org", "Mailgun"),
    ("sendgrid.net", "SendGrid"),
    ("amazonaws.com", "Amazon"),
    ("messagingengine.com", "Fastmail"),
    ("protonmail.ch", "Proton"),
    ("secureserver.net", "GoDaddy"),
    ("ovh.net", "OVHcloud"),
    ("kundenserver.de", "IONOS"),
    ("ionos.com", "IONOS"),
    ("ionos.de", "IONOS"),
    ("rzone.de", "Strato"),
    ("gandi.net", "Gandi"),
    ("yandex.net", "Yandex"),
    ("icloud.com", "iCloud"),
    ("qq.com", "Tencent"),
    ("privateemail.com", "Namecheap"),
    ("emailsrvr.com", "Rackspace"),
    ("hostinger.com", "Hostinger"),
    ("mxhichina.com", "Alibaba"),
)
